"""Keys that were never given out, put together when they are asked for: no file of ours holds one."""

import base64
import random
import string
from collections.abc import Callable, Iterator

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
BASE32 = string.ascii_uppercase + "234567"
LOWER = string.ascii_lowercase + string.digits
HEX = "0123456789abcdef"
URL = ALNUM + "_-"
BASE64 = ALNUM + "+/"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
DIGITS = string.digits
Part = str | tuple[str, int]

FORMATS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    ("AWS access key", ("AK", "IA", (BASE32, 16))),
    ("AWS access key", ("AS", "IA", (BASE32, 16))),
    ("AWS Bedrock key", ("AB", "SK", (BASE64, 128))),
    ("GitHub token", ("gh", "p_", (ALNUM, 36))),
    ("GitHub token", ("gh", "s_", (ALNUM, 36))),
    ("GitHub token", ("github", "_pat_", (ALNUM, 22), "_", (ALNUM, 59))),
    ("GitLab token", ("gl", "pat-", (URL, 20))),
    ("GitLab token", ("gl", "rt-", (URL, 20))),
    ("Slack token", ("xo", "xb-", (DIGITS, 12), "-", (DIGITS, 12), "-", (ALNUM, 24))),
    ("Slack token", ("xa", "pp-1-", (UPPER, 11), "-", (DIGITS, 13), "-", (HEX, 64))),
    ("Slack webhook", ("https://hooks.sla", "ck.com/services/T", (UPPER, 8), "/B", (UPPER, 8), "/", (ALNUM, 24))),
    ("Anthropic API key", ("sk-", "ant-api03-", (URL, 93), "AA")),
    ("OpenAI API key", ("sk-", "proj-", (URL, 74), "T3BlbkFJ", (URL, 74))),
    ("OpenAI API key", ("sk-", (ALNUM, 20), "T3BlbkFJ", (ALNUM, 20))),
    ("Stripe key", ("sk_", "live_", (ALNUM, 24))),
    ("Stripe key", ("rk_", "live_", (ALNUM, 99))),
    ("webhook secret", ("whs", "ec_", (BASE64, 32))),
    ("Google API key", ("AI", "za", (URL, 35))),
    ("Google OAuth secret", ("GOC", "SPX-", (URL, 28))),
    ("Google access token", ("ya", "29.", (URL, 150))),
    ("npm token", ("np", "m_", (ALNUM, 36))),
    ("PyPI token", ("py", "pi-AgEIcHlwaS5vcmc", (URL, 150))),
    ("RubyGems key", ("ruby", "gems_", (HEX, 48))),
    ("Docker token", ("dckr", "_pat_", (URL, 27))),
    ("Hugging Face token", ("h", "f_", (ALNUM, 34))),
    ("SendGrid key", ("S", "G.", (URL, 22), ".", (URL, 43))),
    ("Twilio key", ("S", "K", (HEX, 32))),
    ("Telegram bot token", ((DIGITS, 10), ":A", "A", (URL, 33))),
    ("DigitalOcean token", ("do", "p_v1_", (HEX, 64))),
    ("Shopify token", ("shp", "at_", (HEX, 32))),
    ("Square token", ("sq0", "atp-", (URL, 22))),
    ("Mailchimp key", ((HEX, 32), "-u", "s12")),
    ("Databricks token", ("da", "pi", (HEX, 32))),
    ("Dynatrace token", ("dt0", "c01.", (BASE32, 24), ".", (BASE32, 64))),
    ("Grafana token", ("gl", "sa_", (ALNUM, 32), "_", (HEX, 8))),
    ("Vault token", ("hv", "s.", (URL, 95))),
    ("Terraform token", ((ALNUM, 14), ".atlas", "v1.", (URL, 67))),
    ("Linear key", ("lin", "_api_", (ALNUM, 40))),
    ("New Relic key", ("NR", "AK-", (UPPER, 27))),
    ("Notion token", ("nt", "n_", (DIGITS, 11), (ALNUM, 35))),
    ("PlanetScale token", ("psc", "ale_tkn_", (URL, 43))),
    ("Postman key", ("PM", "AK-", (HEX, 24), "-", (HEX, 34))),
    ("Pulumi token", ("pu", "l-", (HEX, 40))),
    ("Sentry token", ("sntr", "yu_", (HEX, 64))),
    ("Doppler token", ("dp", ".pt.", (ALNUM, 43))),
    ("age key", ("AGE-SEC", "RET-KEY-1", (BECH32, 58))),
    ("Atlassian token", ("ATA", "TT3", (URL, 186))),
    ("Artifactory key", ("AK", "Cp", (ALNUM, 69))),
    ("Heroku key", ("HR", "KU-AA", (URL, 58))),
    ("Fly.io token", ("fm", "2_", (BASE64, 160))),
    ("1Password token", ("op", "s_eyJ", (BASE64, 300))),
    ("Azure storage key", ("AccountName=a;Account", "Key=", (BASE64, 86), "==")),
    ("Discord webhook", ("https://discord.com/api/web", "hooks/", (DIGITS, 18), "/", (URL, 68))),
    ("Groq key", ("gs", "k_", (ALNUM, 52))),
    ("Perplexity key", ("pp", "lx-", (ALNUM, 48))),
    ("xAI key", ("xa", "i-", (ALNUM, 80))),
    ("Replicate token", ("r", "8_", (ALNUM, 37))),
    ("JSON web token", ("ey", "J", (URL, 33), ".ey", "J", (URL, 80), ".", (URL, 43))),
)
"""Kind and parts, as the issuers document them: texts, or an alphabet and how many characters of it."""
ASSIGNED = {
    "hex, 32": (HEX, 32),
    "letters and digits, 16": (ALNUM, 16),
    "letters and digits, 24": (ALNUM, 24),
    "base64, 40": (BASE64, 40),
    "a password manager's, 16": (ALNUM + "!@#^&*_-", 16),
}
"""What stands behind `password =`."""


def text(parts: tuple[Part, ...], dice: random.Random) -> str:
    """One key."""
    return "".join(part if isinstance(part, str) else word(dice, *part) for part in parts)


def word(dice: random.Random, alphabet: str, length: int) -> str:
    """Random characters."""
    return "".join(dice.choice(alphabet) for _ in range(length))


def private_key(dice: random.Random, name: str = "RSA ") -> str:
    """In PEM, of 20 lines."""
    body = base64.b64encode(dice.randbytes(48 * 19 + 20)).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {name}PRIV" + "ATE KEY-----", *lines, f"-----END {name}PRIV" + "ATE KEY-----", ""])


SURROUNDINGS: tuple[Callable[[str], str], ...] = (
    lambda key: key,
    lambda key: f'client = Client("{key}")\n',
    lambda key: f"export KEY={key}\n",
    lambda key: f'{{"value": "{key}", "other": 1}}',
    lambda key: f"see {key}, and change it",
    lambda key: f"curl -H 'Authorization: Bearer {key}' x",
    lambda key: f'"first\\n{key}\\nlast"',
)


def embedded(parts: tuple[Part, ...], dice: random.Random) -> Iterator[tuple[str, str]]:
    """A new key of a format in each surrounding."""
    for surround in SURROUNDINGS:
        key = text(parts, dice)
        yield key, surround(key)
