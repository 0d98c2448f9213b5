"""``appraise schema``: JSON Schemas of all files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from generator.cli.common import common, prepare, unwritten
from generator.cli.line.saying import argument, command, option
from generator.text.language import tr
from generator.text.messages import listed
from generator.text.names import visible
from generator.text.unknown import nearest_text


@command("输出各种文件的 JSON Schema，供编辑器使用")
@argument("name", required=False, metavar="[名称]")
@option(
    "--output",
    metavar="文件夹",
    type=click.Path(file_okay=False, path_type=Path),
    help="每份写成这个文件夹里的一个文件",
)
@common
def schema(name: str | None, output: Path | None, root: Path | None, lang: str | None) -> None:
    """JSON Schemas of all files."""
    from generator.files.writing import UnwrittenError, write_together
    from generator.reports.schemas import all_schemas

    prepare(root, lang)
    schemas = all_schemas()
    if name is not None and name not in schemas:
        raise click.UsageError(
            tr(
                "没有“{name}”{nearest}；可用：{known}",
                name=visible(name),
                nearest=nearest_text(name, schemas),
                known=listed(schemas),
            )
        )
    if output is not None:
        files = {output / f"{key}.schema.json": written(each) for key, each in schemas.items()}
        try:
            write_together({path: text.encode("utf-8") for path, text in files.items()})
        except UnwrittenError as error:
            raise unwritten(error) from None
        return
    chosen: object = schemas if name is None else schemas[name]
    click.echo(written(chosen), nl=False)


def written(schema: object) -> str:
    """Return a schema as a file holds it; titles are messages, in the language in use."""
    return json.dumps(schema, ensure_ascii=False, indent=2, default=str) + "\n"
