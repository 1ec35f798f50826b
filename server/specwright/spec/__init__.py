"""The spec language: carriers, parser, model, rules, identity and digest; pure."""
