//! One address in every disguise that is known to us, and ordinary addresses that must pass.

use crate::names::{Names, PUBLIC, client, policy};

/// Addresses that are refused, with the code of the reason. Every unknown name here leads to a
/// public address, so that nothing is refused merely because it does not resolve.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "not-public",
        &[
            "http://127.0.0.1/",
            "http://127.0.0.1:80/",
            "https://127.0.0.1",
            "HTTP://127.0.0.1/",
            "http://127.1.2.3/",
            "http://127.255.255.255/",
            "http://0.0.0.0/",
            "http://0.1.2.3/",
            "http://10.0.0.1/",
            "http://10.255.255.255:8443/",
            "http://100.64.0.1/",
            "http://100.127.255.254/",
            "http://169.254.0.1/",
            "http://172.16.0.1/",
            "http://172.31.255.255/",
            "http://192.0.0.1/",
            "http://192.0.2.1/",
            "http://192.88.99.1/",
            "http://192.168.0.1/",
            "http://192.168.255.255/",
            "http://198.18.0.1/",
            "http://198.19.255.255/",
            "http://198.51.100.7/",
            "http://203.0.113.7/",
            "http://224.0.0.1/",
            "http://239.255.255.250/",
            "http://240.0.0.1/",
            "http://255.255.255.255/",
            "http://[::]/",
            "http://[::1]/",
            "http://[::1]:443/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
            "http://[::127.0.0.1]/",
            "http://[::7f00:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::FFFF:7F00:0001]/",
            "http://[0:0:0:0:0:ffff:127.0.0.1]/",
            "http://[0:0:0:0:0:ffff:7f00:1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::ffff:a00:1]/",
            "http://[::ffff:192.168.1.1]/",
            "http://[::ffff:c0a8:101]/",
            "http://[::ffff:8.8.8.8]/",
            "http://[::ffff:0:7f00:1]/",
            "http://[::ffff:0:127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b::8.8.8.8]/",
            "http://[64:ff9b:1::a00:1]/",
            "http://[100::1]/",
            "http://[2001::1]/",
            "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
            "http://[2001:0:0:0:0:0:80ff:fffe]/",
            "http://[2001:2::1]/",
            "http://[2001:10::1]/",
            "http://[2001:20::1]/",
            "http://[2001:db8::1]/",
            "http://[2002:7f00:1::]/",
            "http://[2002:a00:1::1]/",
            "http://[2002:808:808::1]/",
            "http://[2606:4700::5efe:7f00:1]/",
            "http://[2606:4700::200:5efe:10.0.0.1]/",
            "http://[3fff::1]/",
            "http://[4000::1]/",
            "http://[5f00::1]/",
            "http://[fc00::1]/",
            "http://[fd12:3456:789a::1]/",
            "http://[fe80::1]/",
            "http://[fe80::5efe:10.0.0.1]/",
            "http://[febf::1]/",
            "http://[fec0::1]/",
            "http://[ff02::1]/",
            "http://rebound.example/",
            "http://mixed.example/",
            "http://mixed-v6.example/",
            "http://mapped.example/",
            "http://nat64.example/",
            "http://127.0.0.1.nip.example/",
        ],
    ),
    (
        "metadata",
        &[
            "http://169.254.169.254/",
            "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
            "http://169.254.170.2/v2/credentials",
            "http://100.100.100.200/latest/meta-data/",
            "http://192.0.0.192/latest/",
            "http://168.63.129.16/machine?comp=goalstate",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "http://[fd20:ce::254]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[::ffff:a9fe:a9fe]/",
            "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
            "http://[::a9fe:a9fe]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[64:ff9b:1::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::]/",
            "http://[2001:0:0:0:0:0:5601:5601]/",
            "http://[::ffff:6464:64c8]/",
            "http://metadata.example/",
        ],
    ),
    (
        "disguised",
        &[
            // IPv4 in decimal, octal, hexadecimal, short and mixed forms.
            "http://2130706433/",
            "http://3232235521/",
            "http://2852039166/",
            "http://017700000001/",
            "http://0x7f000001/",
            "http://0X7F000001/",
            "http://0xa9fea9fe/",
            "http://0177.0.0.1/",
            "http://0177.0.0.01/",
            "http://0x7f.0.0.1/",
            "http://0x7f.0x0.0x0.0x1/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://127.0.1/",
            "http://127.0.0.01/",
            "http://127.000.000.001/",
            "http://0251.0376.0251.0376/",
            "http://0xa9.0xfe.0xa9.0xfe/",
            "http://169.254.43518/",
            "http://169.16689662/",
            "http://10.1/",
            "http://192.168.257/",
            "http://0/",
            "http://00/",
            "http://0x/",
            "http://1/",
            "http://134744072/",
            "http://8.8.2056/",
            // Dots at the end, and other dots.
            "http://127.0.0.1./",
            "http://169.254.169.254.:80/",
            "http://localhost./",
            "http://example.com./",
            "http://metadata.google.internal./",
            "http://127。0。0。1/",
            "http://127．0．0．1/",
            "http://127｡0｡0｡1/",
            "http://example。com/",
            // Digits and letters that stand for others.
            "http://１２７.０.０.１/",
            "http://①②⑦.⓪.⓪.①/",
            "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",
            "http://¹²⁷.⁰.⁰.¹/",
            "http://ｌｏｃａｌｈｏｓｔ/",
            "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
            "http://loc\u{ad}alhost/",
            "http://local\u{200b}host/",
            "http://exa\u{2060}mple.com/",
            "http://examplℯ.com/",
            // Percent signs.
            "http://127.0.0.%31/",
            "http://%31%32%37.0.0.1/",
            "http://loc%61lhost/",
            "http://127.0.0.1%00.example.com/",
            "http://[fe80::1%25eth0]/",
            "http://[fe80::1%eth0]/",
            // Backslashes, tabs, line ends, spaces.
            "http:\\\\127.0.0.1\\",
            "http://example.com\\@127.0.0.1/",
            "http://127.0.0.1\\@example.com/",
            "http://example.com\\.internal/",
            "http://127.0.0.1\t/",
            "http://127.0\t.0.1/",
            "ht\ttp://127.0.0.1/",
            "http://exam\nple.com/",
            "http://example.com/\r\nHost: localhost",
            "http://example.com/\u{0}",
            " http://127.0.0.1/",
            "http://127.0.0.1/ ",
            "http://example.com /",
            "http://example.com\u{a0}/",
            "http://example.com\u{3000}/",
            // Slashes that only some parsers mend.
            "http:127.0.0.1/",
            "http:/127.0.0.1/",
            "https:example.com/",
        ],
    ),
    (
        "credentials",
        &[
            "http://user@127.0.0.1/",
            "http://user:password@example.com/",
            "http://example.com@127.0.0.1/",
            "http://example.com:80@127.0.0.1/",
            "http://127.0.0.1@example.com/",
            "http://@127.0.0.1/",
            "http://@example.com/",
            "http://:@example.com/",
            "http://a@b@127.0.0.1/",
            "http://example.com%2f@127.0.0.1/",
            "http://example.com%23@127.0.0.1/",
            "http://user@[::1]/",
        ],
    ),
    (
        "fragment",
        &[
            "http://example.com#@127.0.0.1/",
            "http://example.com/#@127.0.0.1/",
            "http://example.com/hook#",
            "http://127.0.0.1#.example.com/",
            "http://example.com?#x",
        ],
    ),
    (
        "internal-name",
        &[
            "http://localhost/",
            "http://LOCALHOST/",
            "http://LocalHost:80/",
            "http://foo.localhost/",
            "http://localhost.localdomain/",
            "http://metadata/",
            "http://metadata.google.internal/computeMetadata/v1/",
            "http://instance-data.ec2.internal/",
            "http://kubernetes/",
            "http://kubernetes.default.svc.cluster.local/",
            "http://printer.local/",
            "http://crm.corp/",
            "http://router.lan/",
            "http://nas.home/",
            "http://nas.home.arpa/",
            "http://wiki.intranet/",
            "http://postgres/",
        ],
    ),
    (
        "port",
        &[
            "http://example.com:0/",
            "http://example.com:22/",
            "http://example.com:25/",
            "http://example.com:5432/",
            "http://example.com:6379/",
            "http://example.com:8080/",
            "http://example.com:65535/",
            "http://127.0.0.1:11211/",
            "http://[::1]:9200/",
        ],
    ),
    (
        "scheme",
        &[
            "file:///etc/passwd",
            "file://localhost/etc/passwd",
            "FILE:///etc/passwd",
            "gopher://127.0.0.1:6379/_SET%20a%20b",
            "ftp://127.0.0.1/",
            "dict://127.0.0.1:11211/stat",
            "data:text/html,hello",
            "jar:http://127.0.0.1!/",
            "ldap://127.0.0.1/",
            "tftp://127.0.0.1/",
            "ssh://127.0.0.1/",
            "ws://127.0.0.1/",
            "javascript:alert(1)",
            "view-source:http://127.0.0.1/",
            "unix:/run/docker.sock",
            "netdoc:///etc/passwd",
            "blob:https://example.com/1",
            "httpx://127.0.0.1/",
            "http+unix://%2Frun%2Fdocker.sock/info",
            "localhost:80",
        ],
    ),
    (
        "malformed",
        &[
            "",
            "/",
            "//127.0.0.1/",
            "127.0.0.1",
            "127.0.0.1:80/",
            "example.com/hook",
            "http://",
            "http:///127.0.0.1/",
            "http:////127.0.0.1/",
            "http://?127.0.0.1",
            "http://256.256.256.256/",
            "http://127.0.0.1.1/",
            "http://4294967296/",
            "http://0x100000000/",
            "http://08.0.0.1/",
            "http://1.2.3.4.5/",
            "http://example.1/",
            "http://[::1/",
            "http://::1/",
            "http://[::1]]/",
            "http://[127.0.0.1]/",
            "http://[::ffff:127.1]/",
            "http://[v1.fe80]/",
            "http://example.com:99999/",
            "http://example.com:port/",
            "http://example.com:80:80/",
            "http://127.0.0.1:80:80/",
            "http://example..com/",
            "http://.example.com/",
            "http://example.com\u{ff1a}80/",
            "http://exa<mple.com/",
            "http://exa|mple.com/",
            "http://exa^mple.com/",
            "http://{example}.com/",
            "http://exam'ple.com/",
            "http://*.example.com/",
            "http://xn--a/",
            "\u{feff}http://127.0.0.1/",
            "ｈttp://127.0.0.1/",
        ],
    ),
];

/// Ordinary addresses, and what they are stored as.
const ACCEPTED: &[(&str, &str)] = &[
    ("https://example.com", "https://example.com/"),
    ("https://example.com/", "https://example.com/"),
    ("https://Example.COM/Hook", "https://example.com/Hook"),
    ("HTTPS://example.com/", "https://example.com/"),
    ("https://example.com:443/hook", "https://example.com/hook"),
    ("https://example.com:8443/hook", "https://example.com:8443/hook"),
    ("https://example.com:80/", "https://example.com:80/"),
    ("http://example.com/", "http://example.com/"),
    ("http://example.com:443/", "http://example.com:443/"),
    ("https://hooks.example.co.uk/a/b?c=d&e=f", "https://hooks.example.co.uk/a/b?c=d&e=f"),
    ("https://my_hook.example.com/", "https://my_hook.example.com/"),
    ("https://a-b.example.com/x@y", "https://a-b.example.com/x@y"),
    ("https://example.com/?next=http://127.0.0.1/", "https://example.com/?next=http://127.0.0.1/"),
    ("https://example.com/%2e%2e/a%20b", "https://example.com/a%20b"),
    ("https://127.example.com/", "https://127.example.com/"),
    ("https://0x7f.example.com/", "https://0x7f.example.com/"),
    ("https://localhost.example.com/", "https://localhost.example.com/"),
    ("https://notlocalhost.com/", "https://notlocalhost.com/"),
    ("https://internal.example.com/", "https://internal.example.com/"),
    ("https://例子.中国/回调", "https://xn--fsqu00a.xn--fiqs8s/%E5%9B%9E%E8%B0%83"),
    ("https://例子。中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ("https://8.8.8.8/", "https://8.8.8.8/"),
    ("https://1.1.1.1:8443/hook", "https://1.1.1.1:8443/hook"),
    ("https://100.128.0.1/", "https://100.128.0.1/"),
    ("https://172.32.0.1/", "https://172.32.0.1/"),
    ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
    ("https://[2408:4001:0:0::1]:8443/", "https://[2408:4001::1]:8443/"),
    ("https://both.example/", "https://both.example/"),
];

fn names() -> Names {
    Names::all(PUBLIC)
        .with("rebound.example", "127.0.0.1")
        .with("127.0.0.1.nip.example", "127.0.0.1")
        .with("mixed.example", "93.184.215.14,10.0.0.1")
        .with("mixed-v6.example", "93.184.215.14,2606:4700::1,::1")
        .with("mapped.example", "::ffff:7f00:1")
        .with("nat64.example", "64:ff9b::a00:1")
        .with("metadata.example", "169.254.169.254")
        .with("both.example", "93.184.215.14,2606:4700:4700::1111")
}

#[tokio::test]
async fn every_disguise_is_refused_for_its_own_reason() {
    let client = client(policy(&[]), names());
    let mut seen = std::collections::HashSet::new();
    let mut wrong = Vec::new();

    for (code, addresses) in REFUSED {
        for address in *addresses {
            seen.insert(*address);
            match client.check(address).await {
                Err(refusal) if refusal.code() == *code => {}
                other => wrong.push(format!("{address:?} is not {code} but {other:?}")),
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() >= 120, "{} different forms", seen.len());
}

#[tokio::test]
async fn ordinary_addresses_are_accepted_and_stored_in_their_plain_form() {
    let client = client(policy(&[]), names());

    for (address, stored) in ACCEPTED {
        let target = client.check(address).await;
        let target = target.unwrap_or_else(|refusal| panic!("{address} is refused: {refusal}"));

        assert_eq!(target.as_str(), *stored);
        assert_eq!(client.parse(target.as_str()).unwrap(), target, "the plain form is stable");
    }
}

#[tokio::test]
async fn plain_http_is_refused_unless_it_is_allowed() {
    let strict = client(outbound::Policy::default(), names());

    assert_eq!(strict.check("http://example.com/").await.unwrap_err().code(), "scheme");
    assert!(strict.check("https://example.com/").await.is_ok());
}

#[tokio::test]
async fn an_internal_name_may_lead_to_an_excepted_network_and_nowhere_else() {
    let mut policy = policy(&[]);
    policy.allow_private = vec!["10.1.0.0/16".parse().unwrap()];
    let names = Names::none()
        .with("crm", "10.1.0.7")
        .with("crm.corp", "10.1.0.7")
        .with("old.corp", "10.2.0.7")
        .with("split.corp", "93.184.215.14");
    let client = client(policy, names);

    assert!(client.check("https://crm/").await.is_ok());
    assert!(client.check("https://crm.corp/").await.is_ok());
    assert_eq!(client.check("https://old.corp/").await.unwrap_err().code(), "not-public");
    assert_eq!(client.check("https://split.corp/").await.unwrap_err().code(), "internal-name");
}

#[tokio::test]
async fn a_name_without_an_address_or_with_too_many_is_refused() {
    let many = (1..=33).map(|n| format!("93.184.215.{n}")).collect::<Vec<_>>().join(",");
    let client = client(policy(&[]), Names::none().with("many.example", &many));

    assert_eq!(client.check("https://none.example/").await.unwrap_err().code(), "unresolvable");
    assert_eq!(
        client.check("https://many.example/").await.unwrap_err().code(),
        "too-many-addresses"
    );
}

#[tokio::test]
async fn an_address_without_end_is_refused_before_it_is_read() {
    let client = client(policy(&[]), names());

    let refused = client.check(&format!("https://example.com/{}", "a".repeat(2048))).await;
    let label = client.check(&format!("https://{}.example/", "a".repeat(64))).await;
    let name = client.check(&format!("https://{}example/", "a.".repeat(124))).await;

    assert_eq!(refused.unwrap_err().code(), "too-long");
    assert_eq!(label.unwrap_err().code(), "malformed");
    assert_eq!(name.unwrap_err().code(), "malformed");
}

#[tokio::test]
async fn what_is_secret_in_an_address_stays_out_of_logs() {
    let client = client(policy(&[]), names());

    let target = client.check("https://example.com/hook/s3cret?token=t0ken").await.unwrap();

    assert_eq!(format!("{target:?}"), "https://example.com:443/…");
}
