//! Public internet addresses: all that the IANA special-purpose registries do not reserve (RFC 6890;
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>, …-ipv6-special-registry).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet; an IPv4 address embedded in IPv6 is checked as IPv4.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)   // this network, private, loopback, multicast and reserved
            | (100, 64..=127, _)           // carrier-grade NAT (RFC 6598)
            | (169, 254, _)                // link-local, among them the clouds' metadata service
            | (172, 16..=31, _)            // private
            | (192, 168, _)                // private
            | (192, 0, 0 | 2)              // protocol assignments; documentation
            | (192, 88, 99)                // 6to4 relays
            | (192, 31 | 52, 196 | 193)    // AS112 and AMT
            | (192, 175, 48)               // AS112
            | (198, 18 | 19, _)            // benchmarks
            | (198, 51, 100)               // documentation
            | (203, 0, 113) // documentation
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(wrapped) = wrapped_v4(address) {
        return is_public_v4(wrapped);
    }
    let segments = address.segments();
    // Global unicast is 2000::/3 only (RFC 4291 2.4).
    let global = segments[0] & 0xe000 == 0x2000;
    let set_aside = match segments {
        [0x2001, second, ..] if second < 0x0200 => true, // protocol assignments, Teredo, ORCHID, benchmarks (RFC 2928)
        [0x2001, 0x0db8, ..] => true,                    // documentation (RFC 3849)
        [0x3fff, second, ..] if second < 0x1000 => true, // documentation (RFC 9637)
        [0x2620, 0x004f, 0x8000, ..] => true,            // AS112
        _ => false,
    };
    global && !set_aside
}

/// The IPv4 address embedded in a mapped, compatible, NAT64 or 6to4 address, to which packets may be routed.
fn wrapped_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        // ::ffff:a.b.c.d (RFC 4291), ::a.b.c.d (deprecated), ::ffff:0:a.b.c.d (RFC 2765)
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => {
            Some(from(high, low))
        }
        // 64:ff9b::/96 (RFC 6052); 64:ff9b:1::/48 is for local use (RFC 8215), and so never public.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        // 2002::/16 (RFC 3056)
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reserved_addresses_are_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
            "4000::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
