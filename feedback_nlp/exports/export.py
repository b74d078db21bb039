"""All files of an export: gone through once to know them, as one raw table or part by part."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FileFormatError, shorten_list
from feedback_nlp.exports import sampling
from feedback_nlp.exports.files import AgainError, Block, FileReader, Options, stems
from feedback_nlp.exports.opening import open_file
from feedback_nlp.exports.rows import Rows, joined
from feedback_nlp.exports.sampling import drawn, priorities
from feedback_nlp.exports.sources import changed, find_sources, unchanged
from feedback_nlp.exports.watching import FileWatch, Sample, content_notes, rename_ids


class Export:
    """One or several files with the same columns, gone through once.

    Attributes:
        files: What the notes say of each file.
        rows: Whole rows of all files.
        stems: The name of each file without ending, numbered where two are the same.
        notes: Sentences for the analyst.
        set_aside: Broken rows, by reason.
        watches: What was found out about each file on the way.
    """

    def __init__(
        self,
        sources: Sequence[str | Path],
        options: Options,
        *,
        keep: bool,
        is_id: Callable[[str], bool] = lambda header: False,
    ) -> None:
        """Go through all files.

        Args:
            sources: Files, folders, patterns, ``"-"``.
            options: How to read them.
            keep: Keep all rows in memory.
            is_id: Tells by its header whether a column may hold ids.

        Raises:
            FileFormatError: A file cannot be read, or there is none.
            ColumnError: The files do not have the same columns.
        """
        self.sources, notes = find_sources(sources)
        self.stems = stems([source.name for source in self.sources])
        self.files: list[dict[str, Any]] = []
        self.watches: list[FileWatch] = []
        self.rows = 0
        self._is_id = is_id
        self._readers: list[FileReader] = []
        self._words: list[str] = []
        self._marks: list[tuple[int, int]] = []
        self._keep = keep
        self._kept: list[Rows] = []
        self._drawn = Sample(sampling.ENOUGH)
        with closed_on_error(self):
            for source in self.sources:
                self._marks.append(source.mark())
                with unchanged(source, self._marks[-1]):
                    self._go_through(open_file(source, options, whole=keep))
            self.set_aside = sum((reader.set_aside for reader in self._readers), Counter[str]())
            notes += self._without_rows()
        said = [note for reader in self._readers for note in reader.notes]
        self.notes = [*notes, *said, *content_notes(self.watches)]
        for watch in self.watches:
            watch.hashes = []
        if keep:
            self._kept = [self._rows(self._kept)]
            self.close()

    @property
    def read(self) -> int:
        """Rows of all files, including those that are broken."""
        return self.rows + self.set_aside.total()

    @property
    def columns(self) -> list[str]:
        """The headers, in the order of the first file."""
        return list(self._readers[0].headers.values())

    @property
    def name(self) -> str:
        """The names of the files, for messages."""
        return shorten_list((note["name"] for note in self.files), limit=3)

    @property
    def table(self) -> Rows:
        """All whole rows, where they were kept."""
        return self._kept[0]

    @property
    def frame(self) -> pd.DataFrame:
        """All whole rows as text, where they were kept."""
        return self.table.frame

    def where(self, row: int) -> str:
        """Return where a row is that was kept, for messages."""
        return self.table.where(row)

    @cached_property
    def sample(self) -> Rows:
        """The rows that decide: all of a short export, else those that ``sampling`` draws."""
        if not self._keep:
            return self._rows([self._tidy(file, block) for file, block in self._drawn.rows()])
        if self.rows <= sampling.ENOUGH:
            return self.table
        priority = priorities(0, self.rows, sampling.ENOUGH)
        return self.table.take(drawn(priority, sampling.ENOUGH))

    def forget(self) -> None:
        """Let go of what decided once all is decided: ids, and rows unless these are all."""
        for watch in self.watches:
            watch.ids = {}
        if self.rows > sampling.ENOUGH:
            self.__dict__.pop("sample", None)
        self._drawn = Sample(sampling.ENOUGH)

    def close(self) -> None:
        """Let go of what was kept of standard input."""
        for source in self.sources:
            if source.kept is not None:
                source.kept.close()

    def parts(self, size: int) -> Generator[Rows, None, None]:
        """Give all whole rows again from the start, so many at a time.

        Raises:
            FileFormatError: A file is not what it was when it was gone through before.
        """
        waiting: list[Rows] = []
        count = 0
        for rows in self._again():
            waiting.append(rows)
            count += len(rows.frame)
            if count < size:
                continue
            ready, place = joined(waiting), 0
            while count >= size:
                yield ready.cut(place, place + size)
                place, count = place + size, count - size
            waiting = [ready.cut(place, place + count)] if count else []
        if count:
            yield joined(waiting)

    def _again(self) -> Iterator[Rows]:
        if "sample" in self.__dict__ and len(self.sample.frame) == self.rows:
            yield self.sample
            return
        for file, (reader, mark) in enumerate(zip(self._readers, self._marks, strict=True)):
            whole = 0
            with unchanged(reader.source, mark):
                for block in reader.blocks():
                    whole += len(block.frame)
                    if len(block.frame):
                        yield self._tidy(file, block)
            if whole != self.watches[file].rows:
                raise changed(reader.name)

    def _go_through(self, reader: FileReader) -> None:
        """Go through one file, from its start again where it turns out to need another way."""
        file = len(self._readers)
        while True:
            watch = FileWatch(
                start=self.rows,
                file=file,
                sample=None if self._keep else self._drawn.fresh(),
                is_id=self._is_id,
            )
            blocks: list[Block] = []
            try:
                for block in reader.blocks():
                    watch.see(block, reader.header_of)
                    blocks += [block] if self._keep and len(block.frame) else []
                break
            except AgainError:
                continue
        self._readers.append(reader)
        self._words.append(reader.line_word)
        _check_same_columns(self._readers[0], reader)
        rename_ids(watch, reader.headers)
        self.watches.append(watch)
        self.rows += watch.rows
        if watch.sample is not None:
            self._drawn.merge(watch.sample)
            watch.sample = None
        self._kept += [self._tidy(file, block) for block in blocks]
        self.files.append(_file_note(reader, watch.rows + reader.set_aside.total()))

    def _without_rows(self) -> list[str]:
        """Tell of files without rows among others.

        Raises:
            FileFormatError: No file has a row that is whole.
        """
        if not self.rows and self.set_aside:
            tally = "; ".join(f"{why} ({n})" for why, n in self.set_aside.most_common())
            raise FileFormatError(
                f"No row of {self.name} is whole: {tally}. Export the answers again."
            )
        pairs = zip(self._readers, self.watches, strict=True)
        bare = [reader for reader, watch in pairs if not watch.rows and not reader.set_aside]
        if not self.rows:
            raise FileFormatError(
                f"{bare[0].name} has a header but no rows below it "
                f"({shorten_list(bare[0].headers.values(), limit=6)}). "
                "Export the answers as well."
            )
        names = shorten_list((reader.name for reader in bare), limit=3)
        return [f"Files with a header and no rows below it: {names}."] if bare else []

    def _tidy(self, file: int, block: Block) -> Rows:
        """Return a block under the headers of the table, in the order of the first file."""
        frame = self._readers[file].tidy(block.frame)
        return Rows(
            frame=frame[self.columns] if file else frame,
            files=np.full(len(frame), file, dtype=np.int32),
            numbers=block.numbers,
            lines=block.lines,
            stems=self.stems,
            words=self._words,
        )

    def _rows(self, parts: list[Rows]) -> Rows:
        """Return rows one below the other, also where there are none."""
        if parts:
            return joined(parts)
        none = np.zeros(0, dtype=np.int64)
        frame = pd.DataFrame(columns=self.columns, dtype="str")
        return Rows(
            frame=frame, files=none, numbers=none, lines=none, stems=self.stems, words=self._words
        )


@contextmanager
def closed_on_error(export: Export) -> Iterator[None]:
    """Let go of what was kept of standard input if anything goes wrong."""
    try:
        yield
    except BaseException:
        export.close()
        raise


def load_export(sources: Sequence[str | Path], options: Options) -> Export:
    """Return one or several files with all rows in memory.

    Raises:
        FileFormatError: A file cannot be read, or there is none.
        ColumnError: The files do not have the same columns.
    """
    return Export(sources, options, keep=True)


def _file_note(reader: FileReader, read: int) -> dict[str, Any]:
    with reader.source.open() as file:
        digest = file_digest(file, "sha256").hexdigest()
    note: dict[str, Any] = {
        "name": reader.name,
        "sha256": digest,
        "format": reader.kind,
        "encoding": None,
        "delimiter": None,
        "sheet": None,
    }
    return note | reader.note | {"rows": read}


def _check_same_columns(first: FileReader, other: FileReader) -> None:
    wanted, found = set(first.headers.values()), set(other.headers.values())
    more, less = found - wanted, wanted - found
    if more or less:
        says = [f"has {shorten_list(map(repr, sorted(more)))}"] * bool(more)
        says += [f"lacks {shorten_list(map(repr, sorted(less)))}"] * bool(less)
        raise ColumnError(
            f"{other.name} does not have the columns of {first.name}: it "
            f"{' and '.join(says)}. "
            "Files that are read together need the same headers."
        )
