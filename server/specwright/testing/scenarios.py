"""The scenarios by name. They work on a file `greeting.py` that returns "hello" and shall return "hallo"."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from specwright.testing.replies import Asked, Call, Message, Refusal, Reply, Silence, Spoilt, Usage

Scenario = Callable[[Asked], Reply]

_READ = Message("I read the file.", (Call("read", {"path": "greeting.py"}),))
_EDIT = Message("I change it.", (Call("edit", {"path": "greeting.py", "old": "hello", "new": "hallo"}),))
_CHECK = Message("I check it.", (Call("bash", {"command": "grep -n hallo greeting.py"}),))
_DONE = Message(calls=(Call("finish", {"summary": "It greets in German."}),))
_FINISH = Message(calls=(Call("finish", {"summary": "Done."}),))
_ASK = Message(calls=(Call("finish", {"summary": "I stopped.", "blocked": "Which German: formal or not?"}),))
_OVER = Message("Done.")
_GOOD = (_READ, _EDIT, _CHECK, _DONE)

_ESCAPES = (
    "cat /etc/shadow",
    "echo x > ../escaped",
    "ln -sfn / root && cat root/etc/passwd && rm root",
    "mkdir -p .git/hooks && echo x > .git/hooks/post-checkout",
    "env | grep -i key",
    "timeout 5 bash -c 'echo > /dev/tcp/127.0.0.1/22'",
    "ls -la ~ /proc/1/root/",
)


def _lines(turns: Sequence[Reply], after: Reply = _OVER) -> Scenario:
    """One reply for each turn, and the same one for all that follow."""
    return lambda asked: turns[asked.turn] if asked.turn < len(turns) else after


def _first(count: int, fault: Reply) -> Scenario:
    """The fault for so many hits, then the good script."""
    return lambda asked: fault if asked.hit <= count else _good(asked)


def _odd(fault: Reply) -> Scenario:
    """The fault at each odd hit."""
    return lambda asked: fault if asked.hit % 2 else _good(asked)


def _always(reply: Reply) -> Scenario:
    return lambda asked: reply


def _spoilt(spoilt: Spoilt) -> Scenario:
    """At each odd hit what would be good is spoilt on its way."""
    return lambda asked: replace(_good_message(asked), spoilt=spoilt) if asked.hit % 2 else _good(asked)


def _reported(usage: Usage) -> Scenario:
    return lambda asked: replace(_good_message(asked), usage=usage)


def _good_message(asked: Asked) -> Message:
    return _GOOD[asked.turn] if asked.turn < len(_GOOD) else _OVER


def _good(asked: Asked) -> Reply:
    return _good_message(asked)


def _too_long(asked: Asked) -> Reply:
    """Cut off until more tokens are allowed than at first."""
    cut = replace(_EDIT, stop="max_tokens", spoilt=Spoilt.HALF_INPUT)
    return cut if asked.turn == 0 and asked.hit == 1 else _good(asked)


def _paused(asked: Asked) -> Reply:
    return Message("I pause.", stop="pause_turn") if asked.turn == 0 else _good(replace(asked, turn=asked.turn - 1))


def _overflow(asked: Asked) -> Reply:
    return Message("I", stop="model_context_window_exceeded") if asked.hit == 3 else _good(asked)


def _refusal(status: int, kind: str, message: str, **headers: str) -> Refusal:
    return Refusal(status, kind, message, {name.replace("_", "-"): value for name, value in headers.items()})


_RATE = _refusal(429, "rate_limit_error", "Too many requests.")
_BUSY = _refusal(529, "overloaded_error", "Overloaded.")
_BAD = replace(_EDIT, spoilt=Spoilt.HALF_INPUT)
_TWINS = Message(calls=tuple(Call("read", {"path": "greeting.py"}, id="toolu_twin") for _ in range(2)))

SCENARIOS: Mapping[str, Scenario] = {
    "edit": _good,
    "write": _lines([Message(calls=(Call("write", {"path": "new.py", "content": "HALLO = 1\n"}),)), _FINISH]),
    "empty": _lines([Message("There is nothing to do.")]),
    "blocked": _lines([_READ, _ASK], _DONE),
    "wrong": _lines(
        [
            Message(calls=(Call("edit", {"path": "greeting.py", "old": "hello", "new": "bonjour"}),)),
            _FINISH,
            Message(calls=(Call("edit", {"path": "greeting.py", "old": "bonjour", "new": "hallo"}),)),
            _DONE,
        ]
    ),
    "many": _lines([Message(calls=tuple(Call("bash", {"command": f"echo {n}"}) for n in range(20))), _FINISH]),
    "loop": _always(_READ),
    "escape": _lines([*(Message(calls=(Call("bash", {"command": line}),)) for line in _ESCAPES), _FINISH]),
    "secret": _lines(
        [Message(calls=(Call("write", {"path": "key.py", "content": f'KEY = "sk-ant-{"a1B2" * 12}"\n'}),)), _FINISH]
    ),
    "rate429": _odd(_refusal(429, "rate_limit_error", "Too many requests.", retry_after="1")),
    "rate429long": _odd(_refusal(429, "rate_limit_error", "Too many requests.", retry_after="300")),
    "rate429day": _always(_refusal(429, "rate_limit_error", "Too many requests.", retry_after="86400")),
    "rate429always": _always(_RATE),
    "over529": _first(2, _BUSY),
    "over529always": _always(_BUSY),
    "e500noretry": _always(_refusal(500, "api_error", "Broken.", x_should_retry="false")),
    "e503": _always(_refusal(503, "api_error", "Unavailable.")),
    "e503once": _first(1, _refusal(503, "api_error", "Unavailable.")),
    "e400": _always(_refusal(400, "invalid_request_error", "max_tokens: too large.")),
    "e400long": _always(_refusal(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum")),
    "e401": _always(_refusal(401, "authentication_error", "invalid x-api-key")),
    "e402": _always(_refusal(402, "billing_error", "Your credit balance is too low.")),
    "e403": _always(_refusal(403, "permission_error", "This key may not use the model.")),
    "e404": _always(_refusal(404, "not_found_error", "model: no such model")),
    "e413": _always(_refusal(413, "request_too_large", "Request exceeds the maximum size.")),
    "hang": _odd(Silence.HANG),
    "close": _odd(Silence.CLOSE),
    "closealways": _always(Silence.CLOSE),
    **{spoilt.value: _spoilt(spoilt) for spoilt in Spoilt if spoilt is not Spoilt.HALF_INPUT},
    "badinput": _lines([_BAD, *_GOOD]),
    "dupid": _lines([_TWINS, *_GOOD]),
    "unknowntool": _lines([Message(calls=(Call("fly", {"to": "moon"}),)), *_GOOD]),
    "emptystop": _odd(Message("Well", stop="")),
    "emptyalways": _always(Message()),
    "maxtok": _too_long,
    "maxtokalways": _always(replace(_EDIT, stop="max_tokens", spoilt=Spoilt.HALF_INPUT)),
    "refusal": _always(Message(stop="refusal", category="cyber")),
    "ctx": _overflow,
    "ctxalways": _lines([*_GOOD[:3]], Message("I", stop="model_context_window_exceeded")),
    "pause": _paused,
    "pausealways": _always(Message("I pause.", stop="pause_turn")),
    "malformed3": _always(_BAD),
    "nocache": _reported(Usage.PLAIN),
    "approx": _reported(Usage.APPROXIMATE),
}


def read_scenarios(text: str) -> dict[str, Scenario]:
    """Scenarios of a user's own, from JSON `{name: [turn, …]}`. Raises `ValueError` with a sentence.

    A turn is `{"say": text, "tools": [{"tool": name, "input": {…}}, …], "stop": reason}`, each key optional, or
    `{"status": 429, "type": kind, "message": text, "headers": {…}}`. After the last turn the model is done.
    """
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("scenarios must be an object of lists of turns")
    return {str(name): _lines([_reply(name, turn) for turn in turns]) for name, turns in content.items()}


def _reply(name: str, turn: object) -> Reply:
    match turn:
        case {"status": int(status), **rest}:
            headers = rest.get("headers")
            told = {str(key): str(value) for key, value in headers.items()} if isinstance(headers, dict) else {}
            return Refusal(status, str(rest.get("type", "api_error")), str(rest.get("message", "")), told)
        case {**rest} if rest.keys() <= {"say", "tools", "stop"}:
            calls, stop = rest.get("tools"), rest.get("stop")
            made = tuple(_call(name, call) for call in calls) if isinstance(calls, list) else ()
            return Message(str(rest.get("say", "")), made, str(stop) if stop is not None else None)
    raise ValueError(
        f"scenario {name!r}: a turn has the keys say, tools and stop, or status, type, message and headers"
    )


def _call(name: str, call: object) -> Call:
    match call:
        case {"tool": str(tool), "input": dict(given)}:
            return Call(tool, given)
    raise ValueError(f'scenario {name!r}: a tool call is {{"tool": name, "input": {{…}}}}')
