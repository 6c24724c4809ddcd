//! Packs: data that is part of the program and is asked for in pieces. Its blocks are compressed one by one, so that an idle
//! server holds none unpacked, and each is read without the others.
//!
//! A pack is the number of its blocks, where each ends, and the blocks (RFC 1951), with numbers of four bytes, the lowest
//! first. `scripts/data/pack.mjs` writes it.

/// No block is larger once unpacked; what says otherwise is not ours.
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
    /// A pack of bytes.
    pub const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// Number of blocks.
    pub fn len(self) -> usize {
        self.number(0).unwrap_or_default()
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// A block, unpacked.
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

    /// Two blocks, `a` and `bc`, each stored as it is (RFC 1951, 3.2.4).
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
    fn what_is_no_pack_has_no_blocks() {
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
