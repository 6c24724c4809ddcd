//! Packs: data embedded in the program in separately compressed blocks. Each block can be decompressed without the
//! others, and no decompressed block is kept in memory.
//!
//! Format: the number of blocks, the end offset of each, then the blocks (DEFLATE, RFC 1951). Numbers are 32-bit
//! little-endian. `scripts/data/pack.mjs` writes it.

/// Maximum decompressed size of a block, in bytes.
const MAX_BLOCK: usize = 1 << 20;

/// A pack.
#[derive(Clone, Copy)]
pub struct Pack(&'static [u8]);

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pack").field(&self.len()).finish()
    }
}

impl Pack {
    /// A pack in the format above.
    pub const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// Number of blocks.
    pub fn len(self) -> usize {
        self.number(0).unwrap_or_default()
    }

    /// Whether it has no blocks.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// A decompressed block; none if the index or the data is invalid.
    pub fn block(self, index: usize) -> Option<Vec<u8>> {
        miniz_oxide::inflate::decompress_to_vec_with_limit(self.packed(index)?, MAX_BLOCK).ok()
    }

    fn packed(self, index: usize) -> Option<&'static [u8]> {
        let blocks = self.0.get(4 + 4 * self.len()..)?;
        let start = match index {
            0 => 0,
            _ => self.number(index)?,
        };
        let end = (index < self.len()).then(|| self.number(index + 1))??;
        blocks.get(start..end)
    }

    fn number(self, position: usize) -> Option<usize> {
        let bytes = self.0.get(4 * position..4 * position + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two blocks, `a` and `bc`, each stored without compression (RFC 1951, 3.2.4).
    const TWO: &[u8] = &[
        2, 0, 0, 0, 6, 0, 0, 0, 13, 0, 0, 0, 1, 1, 0, 0xfe, 0xff, b'a', 1, 2, 0, 0xfd, 0xff, b'b', b'c',
    ];

    #[test]
    fn each_block_is_read_alone() {
        let pack = Pack::new(TWO);
        assert_eq!(pack.len(), 2);
        assert_eq!(pack.block(0).as_deref(), Some(b"a".as_slice()));
        assert_eq!(pack.block(1).as_deref(), Some(b"bc".as_slice()));
        assert_eq!(pack.block(2), None);
    }

    #[test]
    fn an_invalid_pack_has_no_blocks() {
        for bytes in [
            b"".as_slice(),
            b"\xff\xff\xff\xff",
            b"\x01\0\0\0\xff\0\0\0ab",
            b"\x01\0\0\0\x02\0\0\0ab",
        ] {
            assert_eq!(Pack::new(bytes).block(0), None);
        }
    }
}
