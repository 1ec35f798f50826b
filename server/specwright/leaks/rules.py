"""Formats of keys, as their issuers document them; each begins with, or holds, a literal that is looked for first.

Lengths and prefixes were compared with the rules of gitleaks (https://github.com/gitleaks/gitleaks, MIT), and with
https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns.
"""

import re
import string
from dataclasses import dataclass
from functools import cache

_END = r"(?![A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Rule:
    """One format. `pattern` is matched `back` characters before each place of an anchor; a group `v` is the secret."""

    kind: str
    anchors: tuple[str, ...]
    pattern: str
    back: int = 0
    inside: bool = False
    """Whether it may begin within a word."""
    mixed: bool = False
    """Whether what it finds must hold digits and letters of both cases: its prefix alone says little."""


def _rule(kind: str, anchors: str, pattern: str, back: int = 0, *, inside: bool = False, mixed: bool = False) -> Rule:
    return Rule(kind, tuple(anchors.split()), pattern, back, inside, mixed)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiled at first use: a start that looks at no secret does not wait for it."""
    return re.compile(pattern, re.ASCII | re.MULTILINE)


# RFC 7468, and OpenPGP's armor; the body may stand in a comment, a diff, a string with \n, or behind headers (RFC 1421)
PEM = _rule(
    "private key",
    "-----BEGIN",
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:\\[nr]|\n-(?!-)|[^A-Za-z0-9+/=\\-]){1,16}[A-Za-z][A-Za-z-]{2,20}: "
    r"(?:[^\n\\]{1,200}+(?=[\n\\])|[^\s\\]{1,200}+)){0,6}"
    r"(?:(?:\\[nr]|\n-(?!-)|[^A-Za-z0-9+/=\\-]){1,16}[A-Za-z0-9+/=]{16,2000}){1,400}"
    r"(?:(?:\\[nr]|\n-(?!-)|[^A-Za-z0-9+/=\\-]){1,16}[A-Za-z0-9+/=]{1,16})?"
    r"(?:(?:\\[nr]|\n-(?!-)|[^A-Za-z0-9+/=\\-]){1,16}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?",
)
RULES = (
    _rule("AWS access key", "AKIA ASIA ABIA ACCA", r"A(?:KIA|SIA|BIA|CCA)[0-9A-Z]{16}" + _END),
    _rule("AWS Bedrock key", "ABSK", r"ABSK[A-Za-z0-9+/]{109,269}={0,2}" + _END),
    _rule("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36,255}" + _END),
    _rule("GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{40,255}"),
    _rule(
        "GitLab token",
        "glpat- gldt- glrt- glptt- glcbt- glft- gloas- glsoat- glagent- glimt- glffct-",
        r"gl(?:pat|dt|rt|ptt|cbt|ft|oas|soat|agent|imt|ffct)-[A-Za-z0-9_.-]{20,300}",
    ),
    _rule("Slack token", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs-", r"xox[abeoprs]-[A-Za-z0-9-]{10,250}"),
    _rule("Slack token", "xapp-", r"xapp-\d-[A-Z0-9]{5,20}-\d{5,20}-[a-z0-9]{20,100}"),
    _rule(
        "Slack webhook", "hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<v>[\w+/]{40,60})"
    ),
    _rule("Anthropic API key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{20,200}"),
    _rule("OpenAI API key", "sk-", r"sk-(?!ant-)(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,250}", mixed=True),
    _rule("Stripe key", "sk_live_ rk_live_", r"[rs]k_live_[A-Za-z0-9]{16,250}"),
    _rule("webhook secret", "whsec_", r"whsec_[A-Za-z0-9+/]{32,100}={0,2}" + _END),
    _rule("Google API key", "AIza", r"AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
    _rule("Google OAuth secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{28}(?![0-9A-Za-z_-])"),
    _rule("Google access token", "ya29.", r"ya29\.[A-Za-z0-9_-]{30,2000}"),
    _rule("npm token", "npm_", r"npm_[A-Za-z0-9]{36}" + _END),
    # a macaroon of pypi.org or test.pypi.org: https://pypi.org/help/#apitoken
    _rule("PyPI token", "pypi-Ag", r"pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)[\w-]{50,1000}"),
    _rule("RubyGems key", "rubygems_", r"rubygems_[a-f0-9]{48}" + _END),
    _rule("Docker token", "dckr_pat_ dckr_oat_", r"dckr_[po]at_[A-Za-z0-9_-]{27,32}(?![0-9A-Za-z_-])"),
    _rule("Hugging Face token", "hf_ api_org_", r"(?:hf|api_org)_[A-Za-z0-9]{34}" + _END),
    _rule("SendGrid key", "SG.", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![0-9A-Za-z_-])"),
    _rule("Twilio key", "SK", r"SK[0-9a-f]{32}" + _END),
    _rule("Telegram bot token", ":AA", r"(?<=\d{8}):AA[A-Za-z0-9_-]{33}(?![0-9A-Za-z_-])", inside=True),
    _rule("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}" + _END),
    _rule("Shopify token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}" + _END),
    _rule("Square token", "sq0atp- sq0csp-", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}(?![0-9A-Za-z_-])"),
    _rule("Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}" + _END, back=32),
    _rule("Databricks token", "dapi", r"dapi[a-f0-9]{32}" + _END),
    _rule("Dynatrace token", "dt0c01. dt0s16.", r"dt0[cs]\d\d\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}" + _END),
    _rule("Grafana token", "glsa_", r"glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}" + _END),
    _rule("Grafana token", "glc_eyJ", r"glc_eyJ[A-Za-z0-9+/]{30,400}"),
    _rule("Vault token", "hvs. hvb. hvr.", r"hv[sbr]\.[A-Za-z0-9_-]{24,300}", mixed=True),
    _rule("Terraform token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}", back=14),
    _rule("Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}" + _END),
    _rule("New Relic key", "NRAK-", r"NRAK-[A-Z0-9]{27}" + _END),
    _rule("Notion token", "ntn_", r"ntn_\d{11}[A-Za-z0-9]{35}" + _END),
    _rule("PlanetScale token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}"),
    _rule("Postman key", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}" + _END),
    _rule("Pulumi token", "pul-", r"pul-[a-f0-9]{40}" + _END),
    _rule("Sentry token", "sntryu_", r"sntryu_[a-f0-9]{64}" + _END),
    _rule("Sentry token", "sntrys_eyJ", r"sntrys_eyJ[A-Za-z0-9+/=_]{80,500}"),
    _rule("Doppler token", "dp.pt. dp.st. dp.ct.", r"dp\.(?:pt|ct|st(?:\.[\w-]{2,35})?)\.[A-Za-z0-9]{40,44}" + _END),
    _rule("age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    _rule("Atlassian token", "ATATT3", r"ATATT3[A-Za-z0-9_=-]{180,190}"),
    _rule("Artifactory key", "AKCp", r"AKCp[A-Za-z0-9]{69}" + _END),
    _rule("Heroku key", "HRKU-AA", r"HRKU-AA[0-9A-Za-z_-]{58}"),
    _rule("Fly.io token", "fm1_ fm2_ fo1_", r"f(?:m[12]_[A-Za-z0-9+/]{100,2000}={0,3}|o1_[\w-]{43})"),
    _rule("1Password token", "ops_eyJ", r"ops_eyJ[A-Za-z0-9+/]{250,4000}={0,3}"),
    _rule("Azure storage key", "AccountKey=", r"AccountKey=(?P<v>[A-Za-z0-9+/]{86}==)"),
    _rule("Discord webhook", "/api/webhooks/", r"/api/webhooks/\d{17,20}/(?P<v>[A-Za-z0-9_-]{60,80})", inside=True),
    _rule("Groq key", "gsk_", r"gsk_[A-Za-z0-9]{52}" + _END),
    _rule("Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{48}" + _END),
    _rule("xAI key", "xai-", r"xai-[A-Za-z0-9]{80}" + _END),
    _rule("Replicate token", "r8_", r"r8_[A-Za-z0-9]{37}" + _END),
    # RFC 7519: header and payload are base64url of JSON objects
    _rule("JSON web token", "eyJ", r"eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,2000}"),
)
"""What of them is found is a key; the names are told to the user."""

WORD_LENGTH = 15
_WORDS = string.ascii_letters + string.digits + "_+/=.:-"
APART = bytes(byte if chr(byte) in _WORDS else 32 for byte in range(256))
"""A table for `bytes.translate`: no key but a private one holds anything else, or is shorter than `WORD_LENGTH`."""
VALUE = (
    r"""(?:=>|:=|==?|:)[ \t]{0,8}[rbu]?"""
    r"""(?:"(?P<a>[^"\s\\]{12,200})"|'(?P<b>[^'\s\\]{12,200})'|(?P<c>(?!=)[A-Za-z0-9+/=_-]{12,200}+)(?=[\s,;]|$))"""
)
"""What is assigned: `api_key = "…"`, `"apiKey": "…"`, `TOKEN=…`."""
NAME = (
    r"""(?i:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|credential)"""
    r"""[\w.-]{0,30}["'`]?\]?[ \t]{0,8}\Z"""
)
"""What stands before the value of a secret."""
NAME_LENGTH = 80
ADDRESS = r"://[^\s:/?#@'\"<>]{1,80}:(?P<v>[^\s:/?#@'\"<>`]{6,200})@(?P<host>[^\s/:'\"]{1,200})"
"""RFC 3986's userinfo with a password."""
