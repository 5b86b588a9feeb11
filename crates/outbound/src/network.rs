//! Which addresses belong to the public internet.
//!
//! The rule for IPv6 is an allow-list (global unicast, minus what is set aside inside it), so that
//! forms which carry an IPv4 address inside them (mapped, compatible, NAT64, 6to4, Teredo) are
//! refused as a class, whatever they carry. It knows no exceptions; those are the policy's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// IPv4 networks that are not the public internet, and what each is.
const IPV4_DENIED: &[(Ipv4Net, &str)] = &[
    (v4(0, 0, 0, 0, 8), "this network"),
    (v4(10, 0, 0, 0, 8), "a private address"),
    (v4(100, 64, 0, 0, 10), "carrier-grade NAT"),
    (v4(127, 0, 0, 0, 8), "the loopback"),
    (v4(169, 254, 0, 0, 16), "a link-local address"),
    (v4(172, 16, 0, 0, 12), "a private address"),
    (v4(192, 0, 0, 0, 24), "set aside for protocols"),
    (v4(192, 0, 2, 0, 24), "set aside for documentation"),
    (v4(192, 88, 99, 0, 24), "a 6to4 relay"),
    (v4(192, 168, 0, 0, 16), "a private address"),
    (v4(198, 18, 0, 0, 15), "set aside for benchmarks"),
    (v4(198, 51, 100, 0, 24), "set aside for documentation"),
    (v4(203, 0, 113, 0, 24), "set aside for documentation"),
    (v4(224, 0, 0, 0, 4), "a multicast address"),
    (v4(240, 0, 0, 0, 4), "a reserved address"),
];

/// The only IPv6 addresses that are routed on the public internet.
const IPV6_GLOBAL: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What is set aside, inside and outside of the global unicast range; the first match names it.
const IPV6_DENIED: &[(Ipv6Net, &str)] = &[
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), "the unspecified address"),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), "the loopback"),
    (v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), "an IPv4 address in IPv6 form"),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 96), "an IPv4 address in IPv6 form"),
    (v6([0, 0, 0, 0, 0xffff, 0, 0, 0], 96), "a translated IPv4 address"),
    (v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96), "a NAT64 address"),
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), "a local NAT64 address"),
    (v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), "set aside for discarding"),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), "a Teredo address"),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), "set aside for protocols"),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), "set aside for documentation"),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), "a 6to4 address"),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "set aside for documentation"),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "a unique local address"),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "a link-local address"),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), "a site-local address"),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), "a multicast address"),
];

/// Services of clouds that hand secrets to whoever asks from the machine itself: AWS, Google,
/// Tencent and most others; AWS containers; Alibaba; Oracle; Azure's wire server; AWS over IPv6;
/// Google over IPv6. Two of them lie in ranges that otherwise look public or plainly private.
const METADATA: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// Says what sort of address `address` is, if it is not on the public internet.
pub(crate) fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => kind_of(IPV4_DENIED.iter().map(|(net, kind)| (net.contains(&v4), *kind))),
        IpAddr::V6(v6) => kind_of(IPV6_DENIED.iter().map(|(net, kind)| (net.contains(&v6), *kind)))
            .or_else(|| (!IPV6_GLOBAL.contains(&v6)).then_some("not a routed address")),
    }
}

/// Whether `address` is a cloud's metadata service, also when IPv6 carries it.
pub(crate) fn is_metadata(address: IpAddr) -> bool {
    METADATA.contains(&address)
        || embedded_ipv4(address).is_some_and(|inner| METADATA.contains(&IpAddr::V4(inner)))
}

/// Returns the IPv4 address that packets to `address` may end up at, if it carries one.
pub(crate) fn embedded_ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    let s = v6.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));

    match s {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(join(high, low)),
        [0, 0, 0, 0, 0xffff, 0, high, low] => Some(join(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x64, 0xff9b, 1, _, _, _, high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        // Teredo stores the client's address with every bit turned over.
        [0x2001, 0, _, _, _, _, high, low] => Some(join(!high, !low)),
        // ISATAP: any prefix, then 0000:5efe or 0200:5efe, then the address.
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(join(high, low)),
        _ => None,
    }
}

/// Whether `network` holds `address`.
pub(crate) fn holds(network: &IpNet, address: IpAddr) -> bool {
    network.contains(&address)
}

fn kind_of(mut rows: impl Iterator<Item = (bool, &'static str)>) -> Option<&'static str> {
    rows.find_map(|(hit, kind)| hit.then_some(kind))
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(s: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]), prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_last_address_of_every_denied_network_is_not_public() {
        for (net, kind) in IPV4_DENIED {
            assert_eq!(not_public(net.network().into()), Some(*kind), "{net}");
            assert_eq!(not_public(net.broadcast().into()), Some(*kind), "{net}");
        }
        for (net, _) in IPV6_DENIED {
            assert!(not_public(net.network().into()).is_some(), "{net}");
            assert!(not_public(net.broadcast().into()).is_some(), "{net}");
        }
    }

    #[test]
    fn the_neighbours_of_denied_networks_are_public() {
        for public in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2001:200::",
            "2001:db7:ffff::",
            "2001:db9::",
            "2003::",
            "2606:4700:4700::1111",
            "3ffe:ffff::",
            "2408:4001::1",
        ] {
            assert_eq!(not_public(public.parse().unwrap()), None, "{public}");
        }
    }

    #[test]
    fn an_ipv4_address_is_found_in_every_form_that_carries_one() {
        for carrier in [
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "::a9fe:a9fe",
            "::ffff:0:a9fe:a9fe",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "2001:0:1:2:3:4:5601:5601",
            "fe80::5efe:a9fe:a9fe",
            "2606:4700::200:5efe:a9fe:a9fe",
        ] {
            let address: IpAddr = carrier.parse().unwrap();

            assert_eq!(
                embedded_ipv4(address),
                Some(Ipv4Addr::new(169, 254, 169, 254)),
                "{carrier}"
            );
            assert!(is_metadata(address), "{carrier}");
        }
        assert_eq!(embedded_ipv4("2606:4700::1".parse().unwrap()), None);
    }
}
