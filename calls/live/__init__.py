"""Running calls as browsers see them while they run.

The database is the truth. What travels between processes says only which calls have changed
(`changes`), and what a caller is saying that is not a turn yet (`interims`). Each process passes
that on to its sockets (`hub`), reads what they show (`watches`, of `moments` and `rows`), and tells
each browser what is new to it (`feed`, `sockets`).
"""
