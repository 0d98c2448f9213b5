"""``appraise schema``: JSON Schemas of all files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generator.cli.common import common, prepare
from generator.text.language import tr
from generator.text.unknown import nearest_text


@click.command()
@click.argument("name", required=False)
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="写入文件夹 / folder"
)
@common
def schema(name: str | None, output: Path | None, root: Path | None, lang: str | None) -> None:
    """输出各种文件的 JSON Schema，供编辑器使用。 JSON Schemas of all files."""
    from generator.reports.schemas import all_schemas

    prepare(root, lang)
    schemas = all_schemas()
    if name is not None and name not in schemas:
        raise click.UsageError(
            tr("没有“{name}”{nearest}", name=name, nearest=nearest_text(name, schemas))
        )
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for key, document in schemas.items():
            text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
            (output / f"{key}.schema.json").write_text(text, encoding="utf-8")
        return
    chosen: object = schemas if name is None else schemas[name]
    click.echo(json.dumps(chosen, ensure_ascii=False, indent=2))
