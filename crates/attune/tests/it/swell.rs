//! Files that are small to send and would be huge to open: the server refuses
//! them soon, opens none of them, and hardly grows.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::tempdir;

use crate::Server;

/// What a file may cost the server.
const TIME_MAX: Duration = Duration::from_secs(5);
const GROWTH_KIB_MAX: u64 = 256 * 1024;

/// One entry of an archive, as it is packed and as it says that it unpacks.
struct Entry<'a> {
    name: &'a str,
    packed: Vec<u8>,
    unpacked: u32,
}

impl<'a> Entry<'a> {
    fn deflated(name: &'a str, content: &[u8]) -> Self {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Default::default());
        encoder.write_all(content).unwrap();
        Entry { name, packed: encoder.finish().unwrap(), unpacked: content.len() as u32 }
    }
}

/// A zip archive of deflated entries.
fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for Entry { name, packed, unpacked } in entries {
        let from = file.len() as u32;
        let sizes = [(packed.len() as u32).to_le_bytes(), unpacked.to_le_bytes()].concat();
        let head = [&[20, 0, 0, 0, 8, 0], [0; 8].as_slice(), &sizes].concat();
        let name_len = (name.len() as u16).to_le_bytes();
        file.extend([b"PK\x03\x04", head.as_slice(), &name_len, &[0; 2]].concat());
        file.extend([name.as_bytes(), packed].concat());
        directory.extend([b"PK\x01\x02\x14\0", head.as_slice(), &name_len, &[0; 12]].concat());
        directory.extend([&from.to_le_bytes(), name.as_bytes()].concat());
    }
    let (count, len) =
        ((entries.len() as u16).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let start = (file.len() as u32).to_le_bytes();
    let end = [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &len, &start, &[0; 2]].concat();
    [file, directory, end].concat()
}

/// Archives within archives: each level ten times the one below.
fn nested() -> Vec<u8> {
    let mut inner = zip(&[Entry::deflated("0.txt", &vec![0; 4 * 1024 * 1024])]);
    for _ in 0..4 {
        let names: Vec<String> = (0..10).map(|n| format!("{n}.zip")).collect();
        let entries: Vec<_> = names.iter().map(|name| Entry::deflated(name, &inner)).collect();
        inner = zip(&entries);
    }
    inner
}

/// Many entries that all unpack to far more than they say of themselves together.
fn bomb() -> Vec<u8> {
    let names: Vec<String> = (0..500).map(|n| format!("{n}.txt")).collect();
    let zeros = Entry::deflated("", &vec![0; 8 * 1024 * 1024]);
    let entry = |name| Entry { name, packed: zeros.packed.clone(), unpacked: zeros.unpacked };
    zip(&names.iter().map(|name| entry(name.as_str())).collect::<Vec<_>>())
}

/// A picture of 50,000 × 50,000 pixels, by its header and by its rows of zeros.
fn picture() -> Vec<u8> {
    let side = 50_000_u32.to_be_bytes();
    let header = [b"IHDR".as_slice(), &side, &side, &[1, 0, 0, 0, 0]].concat();
    let mut rows = flate2::write::ZlibEncoder::new(Vec::new(), Default::default());
    let row = vec![0; 1 + 50_000 / 8];
    for _ in 0..50_000 {
        rows.write_all(&row).unwrap();
    }
    let rows = [b"IDAT".as_slice(), &rows.finish().unwrap()].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for chunk in [header, rows, b"IEND".to_vec()] {
        let mut crc = flate2::Crc::new();
        crc.update(&chunk);
        png.extend(((chunk.len() - 4) as u32).to_be_bytes());
        png.extend(&chunk);
        png.extend(crc.sum().to_be_bytes());
    }
    png
}

/// A document whose text is a billion laughs, and whose relations lead outside.
fn document(outside: &str) -> Vec<u8> {
    let mut laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"ha\">".to_owned();
    for level in 1..10 {
        let refers = format!("&l{};", level - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{level} \"{refers}\">"));
    }
    laughs.push_str(&format!(
        "<!ENTITY out SYSTEM \"{outside}/entity\">]><w:document>&l9;&out;</w:document>"
    ));
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/\
         officeDocument/2006/relationships/attachedTemplate\" Target=\"{outside}/template\" \
         TargetMode=\"External\"/></Relationships>"
    );
    zip(&[
        Entry::deflated("[Content_Types].xml", b"<Types/>"),
        Entry::deflated("word/document.xml", laughs.as_bytes()),
        Entry::deflated("word/_rels/document.xml.rels", relations.as_bytes()),
    ])
}

impl Server {
    /// A visitor's token.
    fn visitor(&self) -> String {
        let hello = format!("{{\"inbox\": \"{}\"}}", self.inbox_key());
        let (_, body) = self.post("/api/v1/visitor/welcome", &hello);
        let welcome: Value = serde_json::from_str(&body).unwrap();
        welcome["token"].as_str().unwrap().to_owned()
    }

    /// Uploads a file and returns the status and the answer.
    fn upload(&self, token: &str, name: &str, file: &[u8]) -> (u16, String) {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        let form = [head.as_bytes(), file, b"\r\n--b--\r\n"].concat();
        let headers = format!(
            "authorization: Bearer {token}
content-length: {}
\
             content-type: multipart/form-data; boundary=b
",
            form.len()
        );
        let (head, body) = self.ask("POST /api/v1/visitor/attachments", &headers, &form);
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
    }

    /// How much memory it has, and had at most since it was last asked to forget.
    fn memory_kib(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let number = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        (number("VmRSS:"), number("VmHWM:"))
    }

    fn forget_peak(&self) {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }
}

#[test]
fn files_that_would_swell_are_dealt_with_soon_and_within_bounded_memory() {
    let folder = tempdir().unwrap();
    let server = Server::start("demo", folder.path());
    let token = server.visitor();
    let outside = TcpListener::bind("127.0.0.1:0").unwrap();
    outside.set_nonblocking(true).unwrap();
    let address = format!("http://{}", outside.local_addr().unwrap());
    let (nested, bomb, picture) = (nested(), bomb(), picture());
    let document = document(&address);

    for (name, file, taken, part) in [
        ("42.zip", &nested, 422, "another archive"),
        ("bomb.zip", &bomb, 422, "far more"),
        ("wide.png", &picture, 422, "50000"),
        // It is kept as it is and never read, so it can do nothing here.
        ("laughs.docx", &document, 201, "laughs.docx"),
        ("laughs.xlsx", &document, 422, "something else"),
    ] {
        server.forget_peak();
        let (before, _) = server.memory_kib();
        let began_at = Instant::now();

        let (status, answer) = server.upload(&token, name, file);

        let (_, peak) = server.memory_kib();
        let (took, growth) = (began_at.elapsed(), peak.saturating_sub(before));
        assert_eq!(status, taken, "{name}: {answer}");
        assert!(answer.contains(part), "{name}: {answer}");
        assert!(took <= TIME_MAX, "{name}: {took:?}");
        assert!(growth <= GROWTH_KIB_MAX, "{name}: {growth} KiB for {} bytes", file.len());
    }
    assert_eq!(outside.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
