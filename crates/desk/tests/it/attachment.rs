//! Attachments: what is taken in, what is left of it, and who gets it.

use std::io::Cursor;

use bytes::Bytes;
use desk::{SignedFile, Upload};
use domain::{ATTACHMENT_BYTES_MAX, Attachment, Error, Id, Owner, Role, Rule, Visitor};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jiff::SignedDuration;
use store::{Tx, attachment};

use crate::{World, desk_tests};

desk_tests! {
    a_picture_is_kept_upright_and_without_what_else_the_file_said
    nothing_is_kept_of_a_second_file_inside_a_picture
    an_animation_keeps_its_frames
    a_picture_of_too_many_pixels_is_refused_by_its_header
    what_is_not_what_it_says_is_refused_in_words
    a_document_is_kept_as_it_is_under_a_name_of_the_servers_own
    a_visitor_has_twenty_uploads_to_send_at_most
    an_address_opens_a_file_for_ten_minutes_and_nothing_else
    an_agent_gets_what_was_sent_and_the_own_uploads
    a_visitor_gets_the_own_uploads_and_those_of_the_own_thread
}

impl World {
    async fn take(&self, name: &str, bytes: impl Into<Bytes>) -> domain::Result<Attachment> {
        let upload = Upload { name: name.into(), bytes: bytes.into(), declared_type: None };
        self.desk.upload_by_agent(&self.owner, upload).await
    }

    async fn refusal(&self, name: &str, bytes: impl Into<Bytes>) -> String {
        match self.take(name, bytes).await {
            Err(Error::Invalid(fields)) => {
                assert_eq!(fields[0].pointer, "/file");
                fields[0].detail.clone()
            }
            other => panic!("{name}: {other:?}"),
        }
    }

    async fn kept(&self, file: &Attachment) -> Bytes {
        self.blobs.get(&file.blob_key).await.unwrap()
    }

    fn visitor(&self, token: u8) -> Visitor {
        Visitor {
            token_hash: vec![token; 32],
            inbox: self.inbox.id,
            contact: Id::new(i64::from(token)),
            expires_at: self.now() + SignedDuration::from_hours(1),
        }
    }

    async fn send_file(&self, file: &Attachment, owner: Owner, visitor: &Visitor) {
        let (inbox, contact, now, id) = (self.inbox.clone(), visitor.contact, self.now(), file.id);
        let write = self.store.write(self.account, move |tx: Tx| async move {
            let language = domain::Language::Zh;
            let mut thread = domain::Conversation::open(tx.id()?, &inbox, contact, language, now);
            store::conversation::save(&tx, &mut thread).await?;
            attachment::attach(&tx, &[id], &owner, thread.id, 1).await
        });
        assert_eq!(write.await.unwrap().len(), 1);
    }
}

/// A picture whose left half is red and whose right half is blue.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// A JPEG as a phone makes it: lying on its side, with the place it was taken at.
fn photo() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]); // Orientation: turn by 90°.
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]); // Where the GPS directory is.
    tiff.extend([0; 4]);
    tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0GPS-39.9042,116.4074");
    let exif = [b"Exif\0\0".as_slice(), &tiff].concat();
    let segment =
        [&[0xFF, 0xE1], ((exif.len() + 2) as u16).to_be_bytes().as_slice(), &exif].concat();
    let plain = picture(64, 32, ImageFormat::Jpeg);
    [&plain[..2], &segment, &plain[2..]].concat()
}

async fn a_picture_is_kept_upright_and_without_what_else_the_file_said(world: World) {
    let photo = photo();
    assert!(holds(&photo, b"Exif") && holds(&photo, b"116.4074"));

    let file = world.take("IMG_1.JPG", photo).await.unwrap();

    assert_eq!((file.name.as_str(), file.content_type.as_str()), ("IMG_1.jpg", "image/jpeg"));
    assert_eq!((file.width, file.height), (Some(32), Some(64)), "it stands upright");
    let kept = world.kept(&file).await;
    assert_eq!(file.size, kept.len() as i64);
    assert!(!holds(&kept, b"Exif") && !holds(&kept, b"116.4074") && !holds(&kept, b"GPS"));
    let image = image::load_from_memory(&kept).unwrap().into_rgb8();
    let (top, bottom) = (image.get_pixel(16, 5), image.get_pixel(16, 60));
    assert!(top[0] > 200 && top[2] < 60 && bottom[2] > 200 && bottom[0] < 60, "{top:?} {bottom:?}");
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let name = format!("a.{}", format.extensions_str()[0]);
        let file = world.take(&name, picture(40, 30, format)).await.unwrap();
        assert_eq!((file.width, file.height), (Some(40), Some(30)), "{name}");
        assert_eq!(image::guess_format(&world.kept(&file).await).unwrap(), format);
    }
}

async fn nothing_is_kept_of_a_second_file_inside_a_picture(world: World) {
    let zip = b"PK\x03\x04\x14\0\0\0META-INF/MANIFEST.MF PK\x05\x06";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>";
    let png = picture(8, 8, ImageFormat::Png);
    let mut text = b"tEXtComment\0".to_vec();
    text.extend(svg);
    let chunk =
        [&((text.len() - 4) as u32).to_be_bytes(), text.as_slice(), &crc32(&text).to_be_bytes()]
            .concat();
    let inside = [&png[..33], &chunk, &png[33..]].concat();

    for (name, bytes) in [
        ("a.gif", [picture(8, 8, ImageFormat::Gif).as_slice(), zip].concat()),
        ("a.png", [png.as_slice(), svg].concat()),
        ("b.png", inside),
        ("a.jpg", [picture(8, 8, ImageFormat::Jpeg).as_slice(), svg, zip].concat()),
    ] {
        assert!(holds(&bytes, b"<svg") || holds(&bytes, b"PK\x03\x04"), "{name} is made well");

        let file = world.take(name, bytes).await.unwrap();

        let kept = world.kept(&file).await;
        assert!(!holds(&kept, b"<svg") && !holds(&kept, b"PK\x03\x04"), "{name}");
    }
}

async fn an_animation_keeps_its_frames(world: World) {
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, 4, 4, &[255, 0, 0, 0, 0, 255]).unwrap();
    encoder.set_repeat(gif::Repeat::Infinite).unwrap();
    for (colour, delay) in [(0, 10), (1, 20), (0, 30)] {
        let mut frame = gif::Frame::from_indexed_pixels(4, 4, vec![colour; 16], None);
        frame.delay = delay;
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);

    let file = world.take("wave.gif", bytes).await.unwrap();

    let kept = world.kept(&file).await;
    let mut decoder = gif::DecodeOptions::new().read_info(kept.as_ref()).unwrap();
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        frames.push((frame.delay, frame.buffer[0]));
    }
    assert_eq!(frames, [(10, 0), (20, 1), (30, 0)]);
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
}

async fn a_picture_of_too_many_pixels_is_refused_by_its_header(world: World) {
    let mut png = picture(8, 8, ImageFormat::Png);
    png[16..24].copy_from_slice(&[50_000_u32.to_be_bytes(), 50_000_u32.to_be_bytes()].concat());
    let crc = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&crc);
    let mut gif = picture(8, 8, ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xFF; 4]);

    assert!(world.refusal("a.png", png).await.contains("50000 × 50000"));
    assert!(world.refusal("a.gif", gif).await.contains("65535 × 65535"));
}

async fn what_is_not_what_it_says_is_refused_in_words(world: World) {
    let zip = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice();

    assert_eq!(
        world.refusal("a.png", zip).await,
        "the file is called .png and holds something else"
    );
    assert_eq!(world.refusal("a.txt", "").await, "the file is empty");
    assert!(world.refusal("a.svg", "<svg/>").await.contains(".svg cannot be sent"));
    assert!(world.refusal("a.txt", "<svg onload=alert(1)>").await.contains("holds something else"));
    let too_large = vec![b'a'; ATTACHMENT_BYTES_MAX + 1];
    assert!(world.refusal("a.txt", too_large).await.contains("10485760"));
    let mut broken = picture(64, 64, ImageFormat::Png);
    broken.truncate(60);
    assert!(world.refusal("a.png", broken).await.contains("damaged"));
    assert_eq!(
        attachment::count_unsent(
            &world.store.read(world.account),
            &Owner::Agent(world.owner.agent)
        )
        .await
        .unwrap(),
        0
    );
    assert!(
        !world.folder.path().join("blobs").join(world.account.to_string()).exists(),
        "nothing is stored"
    );
}

async fn a_document_is_kept_as_it_is_under_a_name_of_the_servers_own(world: World) {
    let pdf = b"%PDF-1.7\nreport\n%%EOF".as_slice();

    let file = world.take("../../etc/报告\u{202E}.pdf", pdf).await.unwrap();

    assert_eq!((file.name.as_str(), file.content_type.as_str()), ("报告.pdf", "application/pdf"));
    assert_eq!((file.width, file.height), (None, None));
    assert_eq!(world.kept(&file).await, pdf);
    let (folder, name) = file.blob_key.split_once('/').unwrap();
    assert_eq!(folder, world.account.to_string());
    assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
}

async fn a_visitor_has_twenty_uploads_to_send_at_most(world: World) {
    let (ada, bob) = (world.visitor(1), world.visitor(2));
    let upload = |visitor: &Visitor| {
        let upload = Upload { name: "a.txt".into(), bytes: "a".into(), declared_type: None };
        world.desk.upload(Owner::of(visitor), world.account, upload)
    };
    let mut last = None;
    for _ in 0..20 {
        last = Some(upload(&ada).await.unwrap());
    }

    assert!(matches!(upload(&ada).await, Err(Error::Refused(Rule::LimitReached))));
    upload(&bob).await.unwrap();
    world.send_file(&last.unwrap(), Owner::of(&ada), &ada).await;
    upload(&ada).await.unwrap();
}

/// Takes an address apart, as a route does.
fn parts(file: &SignedFile) -> (i64, String) {
    let (_, query) = file.path.split_once("?expires=").unwrap();
    let (expires, signature) = query.split_once("&signature=").unwrap();
    (expires.parse().unwrap(), signature.to_owned())
}

async fn an_address_opens_a_file_for_ten_minutes_and_nothing_else(world: World) {
    let (file, other) =
        (world.take("a.txt", "one").await.unwrap(), world.take("b.txt", "two").await.unwrap());
    let signed = world.desk.signed_file(&world.owner, file.id).await.unwrap();
    assert!(signed.path.starts_with(&format!("/files/{}/{}?", world.account, file.id)));
    assert_eq!(signed.expires_at, world.now() + SignedDuration::from_mins(10));
    let (expires, signature) = parts(&signed);
    let open = async |account, id, expires, signature: &str| {
        world.desk.open_file(account, id, expires, signature).await.map(|(_, bytes)| bytes)
    };

    assert_eq!(open(world.account, file.id, expires, &signature).await.unwrap(), "one");
    let stranger = world.another_account().await;
    for (account, id, expires, signature) in [
        (world.account, other.id, expires, signature.as_str()),
        (stranger.account, file.id, expires, &signature),
        (world.account, file.id, expires + 1, &signature),
        (world.account, file.id, expires, ""),
        (world.account, file.id, expires, &signature[1..]),
        (world.account, file.id, i64::MAX, &signature),
        (world.account, file.id, i64::MIN, &signature),
    ] {
        assert!(matches!(open(account, id, expires, signature).await, Err(Error::NotFound(_))));
    }
    world.clock.advance(SignedDuration::from_secs(600));
    assert!(open(world.account, file.id, expires, &signature).await.is_ok());
    world.clock.advance(SignedDuration::from_secs(1));
    assert!(matches!(
        open(world.account, file.id, expires, &signature).await,
        Err(Error::NotFound(_))
    ));
}

async fn an_agent_gets_what_was_sent_and_the_own_uploads(world: World) {
    let file = world.take("a.txt", "one").await.unwrap();
    let (colleague, stranger) =
        (world.agent(Role::Agent, "Bo").await, world.another_account().await);
    let trainer = world.agent(Role::Trainer, "Tao").await;

    assert!(world.desk.signed_file(&world.owner, file.id).await.is_ok());
    assert!(matches!(world.desk.signed_file(&colleague, file.id).await, Err(Error::NotFound(_))));
    let upload = Upload { name: "a.txt".into(), bytes: "a".into(), declared_type: None };
    assert!(matches!(world.desk.upload_by_agent(&trainer, upload).await, Err(Error::Denied(_))));
    world.send_file(&file, Owner::Agent(world.owner.agent), &world.visitor(1)).await;
    assert!(world.desk.signed_file(&colleague, file.id).await.is_ok());
    assert!(matches!(world.desk.signed_file(&stranger, file.id).await, Err(Error::NotFound(_))));
}

async fn a_visitor_gets_the_own_uploads_and_those_of_the_own_thread(world: World) {
    let (ada, bob) = (world.visitor(1), world.visitor(2));
    let upload = Upload { name: "a.txt".into(), bytes: "a".into(), declared_type: None };
    let own = world.desk.upload(Owner::of(&ada), world.account, upload).await.unwrap();
    let agents = world.take("b.txt", "two").await.unwrap();
    let may = async |visitor: &Visitor, file: &Attachment| match world
        .desk
        .signed_file_for_visitor(world.account, visitor, file.id)
        .await
    {
        Ok(_) => true,
        Err(Error::NotFound(_)) => false,
        Err(error) => panic!("{error:?}"),
    };

    assert!(may(&ada, &own).await && !may(&bob, &own).await);
    assert!(!may(&ada, &agents).await, "it is not sent yet");
    world.send_file(&own, Owner::of(&ada), &ada).await;
    world.send_file(&agents, Owner::Agent(world.owner.agent), &ada).await;
    assert!(may(&ada, &own).await && may(&ada, &agents).await);
    assert!(!may(&bob, &own).await && !may(&bob, &agents).await);
    let before_the_first_message = Visitor { contact: Id::new(0), ..ada.clone() };
    assert!(may(&before_the_first_message, &own).await, "asked for while it was being sent");
    assert!(!may(&before_the_first_message, &agents).await, "of a thread that is nobody's yet");
    let elsewhere = Visitor { inbox: Id::new(999), ..ada.clone() };
    assert!(!may(&elsewhere, &agents).await, "another inbox");
    let other_browser = Visitor { token_hash: vec![9; 32], ..ada };
    assert!(may(&other_browser, &agents).await, "the same contact");
    let stranger = world.another_account().await;
    let there = world.desk.signed_file_for_visitor(stranger.account, &bob, own.id).await;
    assert!(matches!(there, Err(Error::NotFound(_))));
}

/// What decoding may cost: pictures that are small to send and large to decode,
/// several at once.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_decode_to_much_take_turns_within_bounded_memory() {
    let world = World::on_sqlite().await;
    let bomb = {
        let image = image::RgbaImage::new(7_000, 7_000);
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
        Bytes::from(bytes.into_inner())
    };
    assert!(bomb.len() < 2_000_000, "{} bytes", bomb.len());
    let before = resident_mib();
    let peak = Peak::watch();

    let uploads = (0..3).map(|_| world.take("a.png", bomb.clone()));
    let taken = futures::future::join_all(uploads).await;

    let growth = peak.stop().saturating_sub(before);
    assert!(taken.iter().all(Result::is_ok));
    assert!(growth <= 448, "{growth} MiB: one picture of 187 MiB at a time, and what else runs");
}

/// The largest resident memory of the process, looked at again and again.
struct Peak {
    watcher: std::thread::JoinHandle<u64>,
    stop: std::sync::mpsc::Sender<()>,
}

impl Peak {
    fn watch() -> Self {
        let (stop, stopped) = std::sync::mpsc::channel();
        let watcher = std::thread::spawn(move || {
            let mut peak = 0;
            let often = std::time::Duration::from_millis(2);
            while stopped.recv_timeout(often) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                peak = peak.max(resident_mib());
            }
            peak
        });
        Peak { watcher, stop }
    }

    fn stop(self) -> u64 {
        self.stop.send(()).unwrap();
        self.watcher.join().unwrap()
    }
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1_024
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
