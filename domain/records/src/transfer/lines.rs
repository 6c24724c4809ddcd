//! Reading of a file line by line, from any offset.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::Format;
use super::cells::{Header, ParsedLine};
use super::csv_cells::CsvReader;
use crate::Table;

/// A parsed line.
#[derive(Debug)]
pub(super) struct Line {
    /// Line number, counted from 1.
    pub(super) number: u64,
    /// The row, or the violated rule.
    pub(super) row: Result<ParsedLine, String>,
}

/// Reader of a file of rows.
#[derive(Debug)]
pub(super) enum Lines<R: Read + Seek> {
    Csv {
        reader: CsvReader<R>,
        header: Header,
    },
    Ndjson {
        reader: BufReader<R>,
        offset: u64,
        number: u64,
        buffer: Vec<u8>,
    },
}

/// Maximum length of a JSON line, in bytes.
const MAX_LINE: u64 = 32 << 20;

impl<R: Read + Seek> Lines<R> {
    /// Opens a file at the offset of a line's beginning, after `read` lines, not counting the header.
    pub(super) fn open(mut file: R, format: Format, table: &Table, offset: u64, read: u64) -> io::Result<Self> {
        match format {
            Format::Ndjson => {
                file.seek(SeekFrom::Start(offset))?;
                Ok(Self::Ndjson {
                    reader: BufReader::new(file),
                    offset,
                    number: read,
                    buffer: Vec::new(),
                })
            }
            Format::Csv => {
                let mut reader = CsvReader::open(file)?;
                let keys = reader.next()?.unwrap_or_default();
                let header = Header::read(&keys, table).map_err(io::Error::other)?;
                if offset > 0 {
                    reader.seek(offset, read + 2)?;
                }
                Ok(Self::Csv { reader, header })
            }
        }
    }

    /// Offset of the next line.
    pub(super) fn offset(&self) -> u64 {
        match self {
            Self::Csv { reader, .. } => reader.offset(),
            Self::Ndjson { offset, .. } => *offset,
        }
    }

    /// The next non-empty line; none at the end.
    pub(super) fn next(&mut self, table: &Table) -> io::Result<Option<Line>> {
        match self {
            Self::Csv { reader, header } => {
                let Some(record) = reader.next()? else { return Ok(None) };
                let row = if record.unclosed {
                    Err("a quote is never closed, so the rest of the file is one cell".to_owned())
                } else {
                    header.row(&record, table)
                };
                let number = record.line;
                Ok(Some(Line { number, row }))
            }
            Self::Ndjson {
                reader,
                offset,
                number,
                buffer,
            } => loop {
                buffer.clear();
                let length = reader.by_ref().take(MAX_LINE).read_until(b'\n', buffer)?;
                if length == 0 {
                    return Ok(None);
                }
                *offset += length as u64;
                *number += 1;
                if length as u64 == MAX_LINE {
                    return Err(io::Error::other(format!(
                        "line {number} is longer than {MAX_LINE} bytes"
                    )));
                }
                if buffer.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let object = serde_json::from_slice(buffer).map_err(|error| format!("no JSON object: {error}"));
                return Ok(Some(Line {
                    number: *number,
                    row: object.and_then(|object| ParsedLine::of(object, table)),
                }));
            },
        }
    }
}
