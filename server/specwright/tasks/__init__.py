"""Tasks and runs: values, protocols, the state table and admission; pure."""
