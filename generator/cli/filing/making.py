"""One record on its way: options read, the rest asked for, shown, written whole or not at all."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from generator.cli.common import ERRORS, EnvironmentProblem, unwritten
from generator.files.paths import SELF_ASSESSMENT_FILE
from generator.files.writing import UnwrittenError, write_together
from generator.reports.findings import as_text, safe
from generator.text.language import gettext, mark, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.proposals.filing.attached import Given
    from generator.proposals.filing.desk import Desk
    from generator.proposals.filing.forms import Draft, Form, Values
    from generator.proposals.filing.questions import Question
    from generator.proposals.filing.trial import Trial
    from generator.text.findings import Finding

GARBLED = mark("{path} 读不懂，不能改写：请先按 appraise check 的提示改正")
MISSING = mark("还缺 {n} 项：")
BESIDES = mark("还可以写：{keys}")
WRONG = mark("有 {n} 处要改：")


class Asked(NamedTuple):
    """What the command line asks for."""

    what: str
    name: str | None
    sets: tuple[str, ...]
    files: tuple[str, ...]
    like: str | None
    yes: bool
    dry_run: bool


def is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextlib.contextmanager
def spelled() -> Iterator[None]:
    """Turn what no file can hold, and a file that cannot be renewed, into a message."""
    from generator.formats.writing import UneditableError, UnwritableError

    try:
        yield
    except UneditableError:
        words = tr(GARBLED, path=SELF_ASSESSMENT_FILE)
        raise EnvironmentProblem(words) from None
    except UnwritableError as error:
        place = visible(error.pointer)
        words = tr("写不成文件：{error}（{place}）", error=error.reason, place=place)
        raise EnvironmentProblem(words) from None


@dataclass
class Making:
    """One record on its way into the working tree."""

    root: Path
    desk: Desk
    asked: Asked

    def run(self) -> None:
        """Read the options, ask for the rest, show what comes of it and write it."""
        from generator.cli.filing.given import Options, attach, merged
        from generator.proposals.filing.trial import Trial

        form = self.form()
        options = Options.of(self.asked.sets)
        given = self.attachments(form, options.problems)
        names = [file.name for file in given]
        values = options.answers(form, names)
        values = attach(form, values, given, options.problems)
        trial = Trial(self.desk.tree, self.desk.branch, self.desk.year, self.desk.means)
        files = {file.name: file.data for file in given}
        if options.problems:
            raise refused(WRONG, options.problems)
        if is_terminal() and not self.asked.yes:
            from generator.cli.filing.dialogue import Dialogue

            start = partial(self.start, form)
            dialogue = Dialogue(form, trial, values, start, files)
            values = dialogue.run()
            files = dialogue.named(values)
        else:
            values = merged(values, self.start(form, values), form)
            self.refuse_missing(form, values)
        self.finish(form, values, form.draft(values, files), trial)

    def form(self) -> Form:
        """Return the form of what is asked for."""
        from generator.proposals.filing.claiming import AssessmentForm
        from generator.proposals.filing.every import FORMS

        form = FORMS[self.asked.what](self.desk)
        if self.asked.files and not form.attaching:
            raise click.UsageError(gettext("这里不带附件：附件放在活动和材料的记录里"))
        if isinstance(form, AssessmentForm) and form.is_garbled:
            words = tr(GARBLED, path=self.desk.assessment_path)
            raise EnvironmentProblem(words)
        return form

    def attachments(self, form: Form, problems: list[str]) -> list[Given]:
        """Return the files that are to be attached; ends with their faults where they have any."""
        from generator.cli.filing.given import UNREAD, UnreadableFileError, read_file, tell_stripped
        from generator.proposals.filing.attached import Given, faults
        from generator.proposals.filing.forms import naming
        from generator.text.names import folded

        found: list[Given] = []
        wrong: list[Finding] = []
        keys = {question.key for question in naming(form.questions({}))} if form.attaching else ()
        for text in self.asked.files:
            try:
                file = read_file(text, keys, self.desk.allowed)
            except UnreadableFileError as error:
                shown = safe(visible(text))
                problems.append(tr(UNREAD, path=shown, error=f"{error}"))
                continue
            wrong += file if isinstance(file, list) else faults(file, self.desk.allowed)
            if isinstance(file, Given):
                if folded(file.name) in {folded(other.name) for other in found}:
                    shown = safe(visible(file.name))
                    problems.append(tr("--attach {name}：同名的文件已经有了一个", name=shown))
                found.append(file)
                tell_stripped(file)
        if any(finding.severity == "error" for finding in wrong):
            click.echo(as_text(wrong), nl=False, err=True)
            click.echo(gettext("没有写入：附件不合要求"), err=True)
            sys.exit(ERRORS)
        return found

    def start(self, form: Form, values: Values) -> Values:
        """Return what another record gives, or the entry that is renewed."""
        from generator.proposals.filing.every import start_of
        from generator.proposals.filing.likeness import LikeError

        try:
            return start_of(form, self.asked.like, values)
        except LikeError as error:
            raise EnvironmentProblem(safe(f"{error.message}")) from None

    def refuse_missing(self, form: Form, values: Values) -> None:
        """End with a list of what is missing, as options, and of what may be said besides."""
        from generator.text.messages import listed
        from generator.text.unknown import entitled

        lacking = form.lacking(values)
        if not lacking:
            return
        more = [q for q in form.questions(values) if q.key not in values and q not in lacking]
        keys = listed(entitled(question.key, {question.key: question.title}) for question in more)
        besides = [safe(tr(BESIDES, keys=keys))] if more else []
        raise refused(MISSING, [missing_line(question) for question in lacking], besides)

    def finish(self, form: Form, values: Values, draft: Draft, trial: Trial) -> None:
        """Show what is to be written and what it brings; write it where that is wanted."""
        from generator.cli.filing.told import shown_effect, shown_files

        self.refuse_taken(form, values, draft)
        if draft.data == draft.before and not self.asked.dry_run:
            click.echo(tr("{path} 和原来一样，没有写入", path=safe(draft.path)), err=True)
            return
        brought = trial.brought(draft.files)
        errors = brought.errors(self.desk.branch)
        effect = shown_effect(brought, self.desk.branch, self.desk.year)
        if self.asked.dry_run:
            click.echo(draft.data.decode("utf-8"), nl=False)
            click.echo(f"{safe(draft.path)}\n{effect}", nl=False, err=True)
            if errors:
                sys.exit(ERRORS)
            return
        click.echo(f"\n{shown_files(draft)}\n{effect}", nl=False)
        self.agree(errors)
        self.write(draft)

    def agree(self, errors: Sequence[Finding]) -> None:
        """End where the record is not to be written."""
        if is_terminal() and not self.asked.yes:
            from generator.cli.filing.dialogue import confirmed

            if not confirmed(faulty=bool(errors)):
                click.echo(gettext("没有写入"), err=True)
                sys.exit(ERRORS)
        elif errors:
            words = tr("没有写入：带来 {n} 个错误，改好再来", n=len(errors))
            click.echo(words, err=True)
            sys.exit(ERRORS)

    def refuse_taken(self, form: Form, values: Values, draft: Draft) -> None:
        """End where a file would be overwritten, or would lie behind a link."""
        from generator.proposals.filing.claiming import BonusForm

        if isinstance(form, BonusForm) and values.get("id") in form.taken:
            raise EnvironmentProblem(tr("加分申报的编号“{id}”已经有了", id=f"{values['id']}"))
        for path in draft.files:
            target = self.root / path
            if behind_link(self.root, path):
                raise EnvironmentProblem(tr("{path} 是链接，不能写入", path=safe(visible(path))))
            # Git may have a file that is not checked out.
            taken = target.exists() or path in self.desk.entries
            if taken and (draft.before is None or path != draft.path):
                raise EnvironmentProblem(tr("{path} 已经有了，不会覆盖", path=safe(visible(path))))

    def write(self, draft: Draft) -> None:
        """Write all files, or none."""
        # The record comes last: without it nothing that lies beside it counts.
        paths = [*draft.attachments, draft.path]
        files = {self.root / path: draft.files[path] for path in paths}
        try:
            with without_leftovers(files):
                write_together(files)
        except UnwrittenError as error:
            raise unwritten(error) from None
        for path in draft.files:
            click.echo(tr("已写入 {path}", path=safe(visible(path, 200))), err=True)


def refused(title: str, lines: Sequence[str], more: Sequence[str] = ()) -> click.UsageError:
    """Return a refusal that lists everything at once, and what else is to be said."""
    return click.UsageError("\n  ".join([tr(title, n=len(lines)), *lines, *more]))


def missing_line(question: Question) -> str:
    """Return how an answer that is missing is given: option, title, choices or example."""
    from generator.text.messages import some
    from generator.text.unknown import NAMED, entitled

    if question.choices:
        known = some([entitled(id_, question.titles) for id_ in question.titles], NAMED)
        words = tr("{title}，可选：{known}", title=question.title, known=known)
    else:
        words = tr("{title}，例如：{example}", title=question.title, example=question.example)
    if question.instead:
        words = tr("{words}；也可以改写 --set {key}=…", words=words, key=question.instead)
    return safe(f"--set {question.key}=…  {words}")


def behind_link(root: Path, path: str) -> bool:
    """Whether a part of a path is a link."""
    place = root
    for part in Path(path).parts:
        place /= part
        if place.is_symlink():
            return True
    return False


@contextlib.contextmanager
def without_leftovers(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Take away the folders that were made for files which were not written after all."""
    made = {folder for path in files for folder in path.parents if not folder.exists()}
    try:
        yield
    except BaseException:
        for folder in sorted(made, key=lambda folder: len(folder.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
