"""The words that rules judge by, as data: whole words, without case unless a rule says otherwise."""

import re


def any_of(*phrases: str) -> re.Pattern[str]:
    """A pattern of whole words or phrases; each may hold pattern signs."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.I)


def alone(*phrases: str) -> re.Pattern[str]:
    """As `any_of`, but not as a part of a compound with hyphens: `thread-safe` is no safety, `quick-start` no speed."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.I)


def _words(text: str) -> list[str]:
    return text.split()


VAGUE = any_of(
    "appropriate(?:ly)?", "adequate(?:ly)?", "sufficient(?:ly)?", "reasonabl[ey]", "suitabl[ey]", "proper(?:ly)?",
    "acceptable", "efficient(?:ly)?", "effectively", "performant", "scalable", "robust(?:ly)?", "user-friendly",
    "intuitive(?:ly)?", "seamless(?:ly)?", "smooth(?:ly)?", "optimal(?:ly)?", "elegant(?:ly)?", "graceful(?:ly)?",
    "sensibl[ey]", "meaningful(?:ly)?", "high-quality", "best practices?", "state of the art", "production-ready",
    "as expected", "works? (?:well|correctly|properly)",
    r"handles?\b[^.;,]{0,60}?\b(?:correctly|properly|gracefully)",
)  # fmt: skip
VAGUE_WITHOUT_NUMBER = alone("(?<!fail )(?<!fails )fast", "quick(?:ly)?", "slow", "large", "small", "big", "minimal")
SPEED = frozenset({"fast", "quick", "quickly", "slow", "efficient", "efficiently", "performant"})
"""Of the vague words those that a time can stand for."""
VAGUE_WITHOUT_THREAT = alone("secure(?:ly)?", "safe(?:ly)?")
THREAT = any_of(
    "against", "from", "for", "to", "by", "under", "when", "while", "rfc", "cve", "cwe", "owasp", "xss", "csrf",
    "injections?", "traversal", "escap(?:es?|ed|ing)", "races?",
)  # fmt: skip
"""What names the threat or the rule that something is safe by."""
VAGUE_IN_CRITERION = alone(
    "clean(?:ly)?(?! up| slate)", "nice", "simple", "eas(?:y|ily)",
    "(?<!when )(?<!if )(?<!given )(?<!how )(?:some|several|various|many|few)",
)  # fmt: skip
"""A condition may speak of some of its things: it holds from the first one on."""
REASON = any_of("so that")
SAID_AFTER = re.compile(r"[^.;,:]{0,40}:\s")
"""What a vague word is followed by where the next words say what it means, or it is part of a heading."""
ESCAPE = any_of(
    "if (?:possible|needed|necessary|appropriate|applicable|required)",
    "as (?:needed|appropriate|necessary|applicable)",
    "where (?:possible|appropriate|applicable|feasible)", "when (?:possible|appropriate)", "to the extent possible",
    "as far as possible", "ideally", "preferably", "try to", "best effort", "maybe", "perhaps", "probably",
)  # fmt: skip
CREATE = any_of("creat(?:es?|ed|ing)")
"""What may be done `if needed`: the words say when."""
OPEN_LIST = re.compile(r"\betc(?:\.|$)|\band so on\b|\band more(?=\s*(?:[.,;)]|$))|(?:…|\.\.\.)(?=\s*$)")
"""With case: `ETC` is a name."""
MODAL = re.compile(r"\b(?P<modal>should|could|might|may)(?P<no> not)?(?: (?P<verb>[a-z]+))?\b")
CLAUSE = re.compile(r"(?:[^.;:,]|\.(?=\S))+")
ASKED = any_of("which", "what", "who", "whether", "how", "where", "why")
"""Before a modal in its clause: it asks, and says nothing of the result."""
POSSIBLE = any_of("given", "when", "if", "unless", "while", "because", "since", "that")
"""Before `may`, `might` or `could` in its clause: it speaks of what is possible, and is no wish."""
POINTING = re.compile(
    r"(?:(?:it|this) [a-z]+s|they [a-z]+|(?:it|this|these|those) (?:are|have|do|will|must|can))\b", re.I
)
UNITLESS = re.compile(
    r"\b(?:timeout|within|every|limit|ttl|delay|size|max|min)\b(?: (?:of|is|at|to|after))?[ =:]{0,3}"
    r"(?P<number>\d{1,12}(?:\.\d{1,6})?)(?=[ ]?(?:[.,;)]|$))",
    re.I,
)
COMPARATIVE = any_of(
    "faster", "slower", "better", "simpler", "smaller", "larger", "cheaper", "cleaner", "easier",
    "(?:more|less) (?:efficient|readable|robust|reliable|flexible|maintainable|responsive)",
)  # fmt: skip
BASELINE = any_of("than", "by", "compared")
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being) (?:[a-z]{1,30}ly )?"
    r"(?:[a-z]{2,30}ed|written|sent|read|shown|given|kept|taken|made|set|put|thrown|found|built|drawn|held)\b(?! by\b)",
    re.I,
)
_RESULT = "|".join(
    _words(
        """
        accept add appear block call contain create delete display emit equal exist exit fail generate give ignore
        include keep leave list log match name open prevent print prompt publish raise refuse reject remove render
        replace report respond restore return save send show skip start stay stop store throw trigger update warn write
        yield
        """
    )
)
STATUS = any_of(
    "has no", "is absent", "is empty", f"(?:{_RESULT})e?s",
    f"(?:shall|must|will|cannot|not)(?: not| also| only| [a-z]{{1,30}}ly)? (?:{_RESULT})",
    f"(?:is|are|was|were|be|been)(?: not| never| only| [a-z]{{1,30}}ly)? (?:(?:{_RESULT})[a-z]?e?d|given|kept|left|sent"
    "|shown|thrown|written)",
)  # fmt: skip
"""What becomes of something, as a fact, a demand or a passive: somebody can look."""
INPUT = any_of("given", "when", "if", "while", "where", "once", "after", "upon")
RESULT = any_of("then", "shall", "must", "will")
"""After an input it says what comes of it."""
OBSERVABLE = re.compile(
    r"\d|[`\"“]|[<>≤≥]|==|!=|\b(?:at least|at most|more than|less than|fewer than|equal to|the same as|identical)\b",
    re.I,
)
HANDLES_INPUT = any_of(
    r"pars(?:es?|ed|ing)", "reads?", "reading", "fetch(?:es|ed|ing)?", "writ(?:es?|ing|ten)", r"validat(?:es?|ed|ing)",
    "inputs?", "(?<!pull )(?<!merge )(?<!feature )requests?", "files? (?:that|which) (?:the|a) user", "uploads?",
)  # fmt: skip
"""A file that is only named is no input."""
SAYS_FAILURE = re.compile(
    r"\b(?:fail|rais(?:e|ing)|reject|invalid|exit codes?\b|exits? with\b|[45]xx\b|[45]\d\d\b|throw|refus|error|warn"
    r"|missing|absent|not (?:found|exist)|cannot\b|can't\b|unable|unsupported|unknown|malformed|corrupt|unavailable"
    r"|unreachable|time[sd]? out|denie[sd]|falls? back|(?:when|if|given|where) (?:there (?:is|are) )?no\b)",
    re.I,
)
TYPED = re.compile(
    r"[(:<]|->|\b(?:class|struct|interface|type|enum|table|view|record|trait|protocol|module|const|let|var|int|bool|string"
    r"|str|void|float|double|u?int\d{1,3}|[iu](?:8|16|32|64))\b"
)
VERBS = frozenset(
    _words(
        """
        add adjust allow apply avoid batch build bump cache change check clean close collect combine compute configure
        convert copy count create cut delete deny deprecate detect disable display document drop emit enable encode
        encrypt enforce ensure expire export expose extend extract fetch filter find fix format generate guard handle
        hide implement import improve include index inline insert introduce join keep limit link list load lock log make
        measure merge migrate modify move normalise open optimise order paginate parse patch pin port prevent print
        protect publish queue raise read record redirect reduce refactor register reject remove rename render reorder
        replace report reset resolve restore retry return reuse rewrite rotate round run save scan send serve set show
        simplify skip sort split start stop store stream support switch sync test throttle translate trim truncate turn
        update upgrade upload use validate verify warn wrap write normalize optimize
        """
    )
)
"""That a title or a goal begins with."""
ALSO = re.compile(r"(?:,? (?:and also|and|as well as|also)|;) ", re.I)
STOP = frozenset(
    _words(
        """
        a an and any are as at be by can do does for from has have in into is it its no not of on one only or other our
        over own same so such than that the their them then there these they this those to up use used using was were
        what when where which who will with without
        """
    )
)
"""Words that say nothing of what a sentence is about."""
LIMIT = re.compile(
    r"\b(?P<how>at most|at least|up to|no more than|no fewer than|within|after|exactly|max(?:imum)?|min(?:imum)?)"
    r" (?P<number>\d{1,12}(?:\.\d{1,6})?) (?P<noun>[a-z]{1,30})\b",
    re.I,
)
ABBREVIATION = re.compile(r"(?<![\w./-])[A-Z]{3,6}(?![\w./-])")
COMMON = frozenset(
    _words(
        """
        AES AND API APP ARIA ASCII AWS BOM CET CLI CORS CPU CRC CRLF CRUD CSP CSRF CSS CSV DDL DELETE DHCP DNS DOM EOF
        EOL ERROR FALSE FIFO FIXME FTP GCC GET GIT GMT GPG GPU GRPC GUI HEAD HMAC HOME HTML HTTP HTTPS ICMP IDE IEEE
        INFO INI INSERT ISO JPEG JPG JSON JSONL JSX JWT LAN LDAP LED LIFO LRU LSP MAC MDX MIME MIT NAN NBSP NOT NPM NTP
        NULL OAUTH OIDC OOM ORM PATCH PATH PDF PHP PID PNG POSIX POST PUT RAM README REPL REST RFC RGB RPC RSA RSS SAML
        SDK SELECT SHA SIGINT SMTP SPDX SQL SRE SSD SSH SSL SSO SVG TBC TBD TCP TLS TODO TOML TRUE TSV TSX TTL TTY UDP
        UDS UID URI URL USB USD UTC UTF UUID VIM WAL WARN WCAG WHERE WHILE WHEN THEN XML XSD XSS YAML YML ZIP
        """
    )
)
"""Abbreviations that need no explanation, and signs of what is undone."""
SYMBOL = re.compile(r"`(?P<name>[A-Za-z_]\w{1,80}(?:(?:\.|::)\w{1,80}){0,4})(?P<call>\(\))?`")
MADE = re.compile(
    r"(?:^|/)(?:vendor|node_modules|third_party|dist|__generated__|generated)/|\.min\.(?:js|css)$|_pb2(?:_grpc)?\.pyi?$"
    r"|\.pb\.(?:go|cc|h)$|\.g\.dart$|\.generated\.\w+$"
    r"|(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock|Pipfile\.lock"
    r"|Cargo\.lock|Gemfile\.lock|composer\.lock|go\.sum|mix\.lock|flake\.lock|bun\.lockb?|packages\.lock\.json)$"
)
"""Files that tools write: vendored, generated, locks."""
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "e")


def stem(word: str) -> str:
    """A word without its ending, so that forms of one word are equal; never under three letters."""
    word = word.casefold()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def present(verb: str) -> str:
    """The third person of a verb: `return` is `returns`."""
    special = {"be": "is", "have": "has", "do": "does", "go": "goes"}
    if verb in special:
        return special[verb]
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"
