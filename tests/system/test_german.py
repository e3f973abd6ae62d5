"""What the program says of its settings is there in German, too; what it says of itself is in the web application's own tests."""

import pytest
import yaml

from conftest import ROOT

SCHEMAS = sorted(ROOT.glob("plugins/*/schema.yaml")) + [ROOT / "host" / "schema.yaml"]


def described(schema, path=""):
    """Every option of a schema, with what it says of it in both languages."""
    yield path, schema.get("description"), schema.get("description_de")
    for name, option in schema.get("properties", {}).items():
        yield from described(option, f"{path}.{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from described(schema[word], f"{path}.{word}")


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.parent.name)
def test_every_setting_is_described_in_german(schema):
    options = list(described(yaml.safe_load(schema.read_text())))
    assert [path for path, _, german in options if not (isinstance(german, str) and german.strip())] == []
    assert [path for path, english, german in options if english == german] == []


def test_the_schemas_were_found():
    assert len(SCHEMAS) > 20 and sum(len(list(described(yaml.safe_load(schema.read_text())))) for schema in SCHEMAS) > 290
