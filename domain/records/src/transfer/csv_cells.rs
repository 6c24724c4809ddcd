//! Records of a CSV file (RFC 4180), with what an importer needs beside the text: whether a cell is quoted, whether a
//! quote is never closed, and the offset of each record. The `csv` crate reports none of the first two: it reads an
//! unclosed quote as one cell to the end of the file, and unquotes cells, so that `""` and an empty cell are the same.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// Maximum length of a record, in bytes.
const MAX_RECORD: usize = 32 << 20;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its bytes, without quotes.
    pub(super) bytes: Vec<u8>,
    /// Whether it is quoted.
    pub(super) quoted: bool,
}

/// A record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CsvRecord {
    /// Its cells.
    pub(super) cells: Vec<Cell>,
    /// Number of its first line, counted from 1.
    pub(super) line: u64,
    /// Whether the file ends within a quoted cell.
    pub(super) unclosed: bool,
}

/// Reader of records.
#[derive(Debug)]
pub(super) struct CsvReader<R> {
    file: BufReader<R>,
    offset: u64,
    line: u64,
}

/// Position within a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote in a quoted cell: its end, or the first half of an escaped quote.
    Quote,
}

impl<R: Read + Seek> CsvReader<R> {
    /// Reads from the beginning of a file.
    pub(super) fn open(mut file: R) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::new(file);
        // A byte order mark, which spreadsheets write.
        let mark = if file.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        file.consume(mark);
        Ok(Self {
            file,
            offset: mark as u64,
            line: 1,
        })
    }

    /// Continues at the offset of a record, which is on this line.
    pub(super) fn seek(&mut self, offset: u64, line: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        (self.offset, self.line) = (offset, line);
        Ok(())
    }

    /// Offset of the next record.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next record that is not an empty line; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<CsvRecord>> {
        loop {
            let Some(record) = self.record()? else { return Ok(None) };
            let is_empty = matches!(&record.cells[..], [only] if only.bytes.is_empty() && !only.quoted);
            if !is_empty {
                return Ok(Some(record));
            }
        }
    }

    fn record(&mut self) -> io::Result<Option<CsvRecord>> {
        let mut record = CsvRecord {
            line: self.line,
            ..CsvRecord::default()
        };
        let (mut cell, mut at, mut length) = (Cell::default(), At::CellStart, 0_usize);
        loop {
            let Some(byte) = self.byte()? else {
                if length == 0 {
                    return Ok(None);
                }
                record.unclosed = at == At::Quoted;
                record.cells.push(cell);
                return Ok(Some(record));
            };
            length += 1;
            if length > MAX_RECORD {
                let error = format!("the record of line {} is longer than {MAX_RECORD} bytes", record.line);
                return Err(io::Error::other(error));
            }
            match (at, byte) {
                (At::Quoted, b'"') => at = At::Quote,
                (At::Quote, b'"') => {
                    cell.bytes.push(b'"');
                    at = At::Quoted;
                }
                (At::Quoted, byte) => cell.bytes.push(byte),
                (At::CellStart, b'"') => {
                    cell.quoted = true;
                    at = At::Quoted;
                }
                (_, b',') => {
                    record.cells.push(std::mem::take(&mut cell));
                    at = At::CellStart;
                }
                (_, b'\n' | b'\r') => {
                    if byte == b'\r' && self.file.fill_buf()?.first() == Some(&b'\n') {
                        self.byte()?;
                    }
                    record.cells.push(cell);
                    return Ok(Some(record));
                }
                (_, byte) => {
                    cell.bytes.push(byte);
                    at = At::Plain;
                }
            }
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.file.fill_buf()?.first().copied();
        if let Some(byte) = byte {
            self.file.consume(1);
            self.offset += 1;
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }
}

/// Writes a record. An empty text is quoted: an empty cell without quotes is null.
pub(super) fn write<'c>(cells: impl Iterator<Item = Option<&'c str>>, out: &mut Vec<u8>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match cell {
            None => {}
            Some(text) if text.is_empty() || text.contains(['"', ',', '\n', '\r']) => {
                out.push(b'"');
                out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
                out.push(b'"');
            }
            Some(text) => out.extend_from_slice(text.as_bytes()),
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(text: &str) -> Vec<(Vec<String>, u64, bool)> {
        let mut reader = CsvReader::open(Cursor::new(text.as_bytes().to_vec())).expect("a file");
        let mut records = Vec::new();
        while let Some(record) = reader.next().expect("a record") {
            let cells = record.cells.into_iter();
            let cells = cells.map(|cell| {
                let text = String::from_utf8(cell.bytes).expect("UTF-8");
                if cell.quoted { format!("<{text}>") } else { text }
            });
            records.push((cells.collect(), record.line, record.unclosed));
        }
        records
    }

    #[test]
    fn records_are_read_with_their_lines_and_quotes() {
        let text = "a,b\r\n\n\"x, \"\"y\"\"\nz\",\"\"\n,5\" nail\nlast";
        let expected = [
            (vec!["a", "b"], 1, false),
            (vec!["<x, \"y\"\nz>", "<>"], 3, false),
            (vec!["", "5\" nail"], 5, false),
            (vec!["last"], 6, false),
        ];
        let expected =
            expected.map(|(cells, line, unclosed)| (cells.into_iter().map(str::to_owned).collect(), line, unclosed));
        assert_eq!(read(text), expected);
        assert_eq!(
            read("a\n\"b,c\nd"),
            [(vec!["a".to_owned()], 1, false), (vec!["<b,c\nd>".to_owned()], 2, true)]
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let mut out = Vec::new();
        write([Some(""), None, Some("a,\"b\"\r\n"), Some(" c ")].into_iter(), &mut out);
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "\"\",,\"a,\"\"b\"\"\r\n\", c \n");
        assert_eq!(read(&text)[0].0, ["<>", "", "<a,\"b\"\r\n>", " c "]);
    }
}
