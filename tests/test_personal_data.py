"""Every column is classified: it says something of a person (why, for whom, how long), or it does not."""

from collections import Counter

from tests import personal_data


def test_every_column_is_classified_once() -> None:
    """A new one fails here: write it into portal/personal.py."""
    wanted = {(table, column) for table, found in personal_data.columns().items() for column in found}
    named = Counter(personal_data.classified())
    assert not wanted - set(named), "not classified"
    assert not set(named) - wanted, "no such column"
    assert not [where for where, times in named.items() if times > 1], "classified twice"


def test_whoever_a_row_refers_to_is_personal() -> None:
    plain = {(table, column) for table, names in personal_data.PLAIN.items() for column in names.split()}
    people = {
        (table.name, column.name)
        for table in personal_data.Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
    }
    assert not plain & people


def test_the_register_is_what_the_code_says() -> None:
    assert personal_data.FILE.read_text() == personal_data.written(), "run make register"
