"""The table of the bare route: made before its workers start, which would all make it at once."""

from sqlalchemy import Column, Integer, MetaData, String, Table

ROWS = Table("bare_rows", MetaData(), Column("id", Integer, primary_key=True), Column("name", String))
