//! Keeps the desk in a SQL database: SQLite for one node, PostgreSQL for many.
