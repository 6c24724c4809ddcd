//! Writes a small file in MaxMind's format: <https://maxmind.github.io/MaxMind-DB/>. Only IPv4 networks with a prefix
//! of 8 bits.

const MARK: &[u8] = b"\xab\xcd\xefMaxMind.com";
const RECORD_BITS: u16 = 24;

/// A file of the given type with the countries of some /8 networks.
pub(crate) fn file(kind: &str, networks: &[([u8; 1], &str, &str)]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut leaves = Vec::new();
    for (network, code, name) in networks {
        leaves.push((network[0], data.len()));
        let names = map(&[("en", text(name))]);
        data.extend(map(&[("country", map(&[("iso_code", text(code)), ("names", names)]))]));
    }

    // Nodes of a binary tree, one level per bit.
    #[derive(Clone, Copy)]
    enum Way {
        Nowhere,
        Node(usize),
        Data(usize),
    }
    let mut nodes = vec![[Way::Nowhere; 2]];
    for (byte, offset) in leaves {
        let mut at = 0;
        for bit in (0..8).rev() {
            let side = usize::from(byte >> bit & 1);
            if bit == 0 {
                nodes[at][side] = Way::Data(offset);
            } else if let Way::Node(next) = nodes[at][side] {
                at = next;
            } else {
                nodes.push([Way::Nowhere; 2]);
                let next = nodes.len() - 1;
                nodes[at][side] = Way::Node(next);
                at = next;
            }
        }
    }

    let count = nodes.len();
    let mut out = Vec::new();
    for way in nodes.iter().flatten() {
        let value = match way {
            Way::Nowhere => count,
            Way::Node(node) => *node,
            Way::Data(offset) => count + 16 + offset,
        };
        out.extend(&u32::try_from(value).unwrap().to_be_bytes()[1..]);
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(MARK);
    out.extend(map(&[
        ("binary_format_major_version", unsigned(2)),
        ("binary_format_minor_version", unsigned(0)),
        ("build_epoch", vec![0x04, 0x02, 0x66, 0, 0, 0]),
        ("database_type", text(kind)),
        ("description", map(&[("en", text("test"))])),
        ("ip_version", unsigned(4)),
        ("languages", vec![0x01, 0x04, 0x42, b'e', b'n']),
        ("node_count", number(u32::try_from(count).unwrap())),
        ("record_size", unsigned(RECORD_BITS)),
    ]));
    out
}

fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 29, "longer texts need a longer head");
    [&[0x40 | length], text.as_bytes()].concat()
}

fn unsigned(value: u16) -> Vec<u8> {
    [&[0xa2], &value.to_be_bytes()[..]].concat()
}

fn number(value: u32) -> Vec<u8> {
    [&[0xc4], &value.to_be_bytes()[..]].concat()
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0xe0 | u8::try_from(entries.len()).unwrap()];
    for (key, value) in entries {
        out.extend(text(key));
        out.extend(value);
    }
    out
}
