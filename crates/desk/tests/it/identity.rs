//! Companies vouch for their users, and nobody else does.

use std::sync::OnceLock;

use desk::{ChangeInbox, Greeting, Guest, SendMessage, WhoAsks};
use domain::{Contact, Error, Inbox};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rsa::pkcs1::EncodeRsaPublicKey as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{World, desk_tests};

desk_tests! {
    a_company_may_sign_with_a_key_of_its_own
    every_other_signature_is_refused
    a_key_that_cannot_be_used_is_refused_with_a_reason
    a_key_can_be_replaced_and_removed
    in_a_hundred_ways_nothing_of_a_vouched_for_contact_is_reached
    an_inbox_that_enforces_identities_ends_visits_that_began_before
}

/// A pair of keys: both halves in PEM, and how the private one signs.
struct Pair {
    algorithm: Algorithm,
    public: String,
    private: EncodingKey,
}

/// Draws numbers for key generation, the same in every run.
struct Seeded(StdRng);

impl rsa::rand_core::RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl rsa::rand_core::CryptoRng for Seeded {}

fn rsa_key(bits: usize) -> rsa::RsaPrivateKey {
    rsa::RsaPrivateKey::new(&mut Seeded(StdRng::seed_from_u64(7)), bits).unwrap()
}

fn rsa_pair() -> &'static (rsa::RsaPrivateKey, Pair) {
    static PAIR: OnceLock<(rsa::RsaPrivateKey, Pair)> = OnceLock::new();
    PAIR.get_or_init(|| {
        let key = rsa_key(2_048);
        let pem = p256::pkcs8::EncodePrivateKey::to_pkcs8_pem(&key, LineEnding::LF).unwrap();
        let pair = Pair {
            algorithm: Algorithm::RS256,
            public: key.to_public_key().to_public_key_pem(LineEnding::LF).unwrap(),
            private: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
        };
        (key, pair)
    })
}

fn p256_pair(seed: u8) -> Pair {
    let key = p256::SecretKey::from_slice(&[seed; 32]).unwrap();
    let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap();
    Pair {
        algorithm: Algorithm::ES256,
        public: key.public_key().to_public_key_pem(LineEnding::LF).unwrap(),
        private: EncodingKey::from_ec_pem(pem.as_bytes()).unwrap(),
    }
}

fn ed25519_pair(seed: u8) -> Pair {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let der = key.to_pkcs8_der().unwrap();
    Pair {
        algorithm: Algorithm::EdDSA,
        public: key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap(),
        private: EncodingKey::from_ed_der(der.as_bytes()),
    }
}

async fn set_key(world: &World, pem: &str) -> Result<Inbox, Error> {
    let change = ChangeInbox { identity_public_key: Some(pem.into()), ..ChangeInbox::default() };
    world.desk.change_inbox(&world.owner, world.inbox.id, change).await
}

fn claims(world: &World) -> Value {
    let now = world.now().as_second();
    json!({"sub": "u-1", "aud": world.inbox.key, "iat": now, "exp": now + 3_600, "name": "王小明"})
}

fn sign(claims: &Value, algorithm: Algorithm, key: &EncodingKey) -> String {
    encode(&Header::new(algorithm), claims, key).unwrap()
}

async fn enter(world: &World, identity: &str) -> Result<(Guest, Greeting), Error> {
    let who = WhoAsks {
        inbox: world.inbox.key.clone(),
        identity: Some(identity.to_owned()),
        ..WhoAsks::default()
    };
    world.desk.welcome(who).await
}

async fn a_company_may_sign_with_a_key_of_its_own(world: World) {
    let by_secret = EncodingKey::from_secret(world.inbox.identity_secret.as_bytes());
    let by_secret = sign(&claims(&world), Algorithm::HS256, &by_secret);
    let (known, _) = enter(&world, &by_secret).await.unwrap();
    for pair in [&rsa_pair().1, &p256_pair(7), &ed25519_pair(7)] {
        let saved = set_key(&world, &pair.public).await.unwrap();
        assert_eq!(saved.identity_public_key, pair.public);

        let token = sign(&claims(&world), pair.algorithm, &pair.private);
        let (guest, greeting) = enter(&world, &token).await.unwrap();

        assert_eq!(guest.contact, known.contact, "{:?}", pair.algorithm);
        assert!(greeting.contact.unwrap().verified);
        assert!(enter(&world, &by_secret).await.is_ok(), "the secret is good as well");
    }
}

async fn every_other_signature_is_refused(world: World) {
    let pairs = [&rsa_pair().1, &p256_pair(7), &ed25519_pair(7)];
    let now = world.now().as_second();
    for pair in pairs {
        set_key(&world, &pair.public).await.unwrap();
        let mut tokens = Vec::new();
        for (field, value) in [
            ("exp", json!(now)),
            ("exp", json!(now - 1)),
            ("exp", json!(now + 24 * 3_600 + 1)),
            ("exp", Value::Null),
            ("iat", json!(now + 3_600)),
            ("nbf", json!(now + 3_600)),
            ("aud", json!("another inbox")),
            ("aud", Value::Null),
            ("sub", Value::Null),
        ] {
            let mut wrong = claims(&world);
            match value {
                Value::Null => drop(wrong.as_object_mut().unwrap().remove(field)),
                value => wrong[field] = value,
            }
            tokens.push((field.to_owned(), sign(&wrong, pair.algorithm, &pair.private)));
        }
        // The public key is no secret: it must not serve as one.
        for secret in [pair.public.as_bytes(), pair.public.trim().as_bytes(), b""] {
            let key = EncodingKey::from_secret(secret);
            for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                let token = sign(&claims(&world), algorithm, &key);
                tokens.push((format!("{algorithm:?} with the public key"), token));
            }
        }
        for (what, other) in [("another P-256", p256_pair(8)), ("another Ed25519", ed25519_pair(8))]
        {
            tokens.push((what.into(), sign(&claims(&world), other.algorithm, &other.private)));
        }
        let good = sign(&claims(&world), pair.algorithm, &pair.private);
        let (_, rest) = good.split_once('.').unwrap();
        for header in [
            json!({"alg": "none"}),
            json!({"alg": "HS256"}),
            json!({"alg": "RS512"}),
            json!({"alg": "PS256"}),
            json!({"alg": "ES384"}),
        ] {
            tokens.push((header.to_string(), format!("{}.{rest}", part(&header))));
        }
        let unsigned = format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims(&world)));
        tokens.push(("unsigned".into(), unsigned));
        let critical = Header { crit: Some(vec!["b64".into()]), ..Header::new(pair.algorithm) };
        tokens.push(("crit".into(), encode(&critical, &claims(&world), &pair.private).unwrap()));
        for (what, token) in tokens {
            let refused = enter(&world, &token).await;
            let algorithm = pair.algorithm;
            assert!(matches!(refused, Err(Error::Unauthenticated)), "{what} for {algorithm:?}");
        }
        enter(&world, &good).await.unwrap();
    }
}

fn part(value: &Value) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn a_key_that_cannot_be_used_is_refused_with_a_reason(world: World) {
    let (private, pair) = rsa_pair();
    let private = p256::pkcs8::EncodePrivateKey::to_pkcs8_pem(private, LineEnding::LF).unwrap();
    let short = rsa_key(1_024).to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
    let halved: String = pair.public.lines().take(4).collect();
    // Of P-384.
    let other_curve = "-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEpDxbfNh6+SSmJJzZqg6rM8aLHQ/NAYDi
eqACs4AT1OfA/GegYIoVBHWL1Rq6EklNkMwcf4af6TYUmx1VGBvbirsqTrf6JGi2
gfR750NJOLufbE5rOj09Wi7uWqjc8uvE
-----END PUBLIC KEY-----
";
    for (pem, reason) in [
        ("hello", "cannot be read"),
        (halved.as_str(), "cannot be read"),
        (other_curve, "cannot be read"),
        ("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", "cannot be read"),
        ("-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----", "cannot be read"),
        (private.as_str(), "is a private key"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "is a certificate"),
        (short.as_str(), "1024 bits"),
        (&"x".repeat(10_000), "too long"),
    ] {
        let Err(Error::Invalid(fields)) = set_key(&world, pem).await else {
            panic!("accepted: {pem}");
        };

        assert_eq!(fields[0].pointer, "/identity_public_key");
        assert!(fields[0].detail.contains(reason), "{}", fields[0].detail);
        assert!(!fields[0].detail.contains("MII"), "a key is not repeated");
    }
    let inbox = world.desk.get_inbox(&world.owner, world.inbox.id).await.unwrap();
    assert_eq!(inbox.identity_public_key, "");
}

async fn a_key_can_be_replaced_and_removed(world: World) {
    let (first, second) = (p256_pair(7), p256_pair(8));
    let token = |pair: &Pair| sign(&claims(&world), pair.algorithm, &pair.private);
    let pkcs1 = rsa_pair().0.to_public_key().to_pkcs1_pem(LineEnding::CRLF).unwrap();
    let in_one_line =
        format!("  {}\n\n", pkcs1.replace("\r\n", " ").replace("KEY----- ", "KEY-----"));

    set_key(&world, &first.public).await.unwrap();
    assert!(enter(&world, &token(&first)).await.is_ok());
    set_key(&world, &second.public).await.unwrap();
    assert!(enter(&world, &token(&first)).await.is_err());
    assert!(enter(&world, &token(&second)).await.is_ok());
    let saved = set_key(&world, &in_one_line).await.unwrap();
    assert_eq!(saved.identity_public_key, rsa_pair().1.public, "written as everybody does");
    assert_eq!(set_key(&world, " \n").await.unwrap().identity_public_key, "");

    for pair in [&first, &second, &rsa_pair().1] {
        assert!(matches!(enter(&world, &token(pair)).await, Err(Error::Unauthenticated)));
    }
}

const SECRET_TEXT: &str = "我的秘密";

async fn say(world: &World, guest: &mut Guest, text: &str) {
    let said =
        SendMessage { client_id: Uuid::new_v4(), text: text.into(), ..SendMessage::default() };
    world.desk.send_as_guest(guest, said).await.unwrap();
}

async fn contact(world: &World, guest: &Guest) -> Contact {
    world.desk.get_contact(&world.owner, guest.contact.unwrap()).await.unwrap()
}

/// Who a stranger may pretend to be: a hundred knocks and more, none of which is
/// the known user's.
fn pretences(world: &World, token_of_a_stranger: &str, token_of_the_user: &str) -> Vec<WhoAsks> {
    let mut random = StdRng::seed_from_u64(100);
    let blank = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let tokens = [None, Some(token_of_a_stranger.to_owned())];
    let secret = EncodingKey::from_secret(world.inbox.identity_secret.as_bytes());
    let good = sign(&claims(world), Algorithm::HS256, &secret);
    let (body, signature) = good.rsplit_once('.').unwrap();
    let mut identities = vec![
        "u-1".to_owned(),
        String::new(),
        format!("{body}."),
        body.to_owned(),
        format!("{good}x"),
        format!("{good}."),
        format!("{}.{}.{signature}", part(&json!({"alg": "none"})), part(&claims(world))),
        format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims(world))),
    ];
    for guess in ["", "secret", "changeme", world.inbox.key.as_str(), "u-1"] {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let key = EncodingKey::from_secret(guess.as_bytes());
            identities.push(sign(&claims(world), algorithm, &key));
        }
    }
    let ours = EncodingKey::from_secret(b"the secret of somebody else's inbox");
    for (field, value) in [("sub", json!("u-1 ")), ("sub", json!("U-1")), ("aud", json!("ib_2"))] {
        let mut other = claims(world);
        other[field] = value;
        identities.push(sign(&other, Algorithm::HS256, &ours));
    }
    for _ in 0..20 {
        // One character of a good token is another one.
        let mut bytes = good.clone().into_bytes();
        let place = random.random_range(0..bytes.len() - 1);
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        identities.push(String::from_utf8(bytes).unwrap());
    }
    let mut knocks = Vec::new();
    for token in &tokens {
        for identity in &identities {
            let identity = Some(identity.clone());
            knocks.push(WhoAsks { token: token.clone(), identity, ..blank.clone() });
        }
        for (identifier, hash) in [
            ("u-1", String::new()),
            ("u-1", "00".repeat(32)),
            ("u-1", "u-1".into()),
            ("u-1", hex::encode(random.random::<[u8; 32]>())),
        ] {
            let identifier = Some((identifier.to_owned(), hash));
            knocks.push(WhoAsks { token: token.clone(), identifier, ..blank.clone() });
        }
    }
    for _ in 0..20 {
        // One digit of the user's own token is another one.
        let mut bytes = token_of_the_user.as_bytes().to_vec();
        let place = random.random_range(0..bytes.len());
        bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
        let token = Some(String::from_utf8(bytes).unwrap());
        knocks.push(WhoAsks { token, ..blank.clone() });
    }
    knocks
}

async fn in_a_hundred_ways_nothing_of_a_vouched_for_contact_is_reached(world: World) {
    let secret = EncodingKey::from_secret(world.inbox.identity_secret.as_bytes());
    let good = sign(&claims(&world), Algorithm::HS256, &secret);
    let (mut user, users) = enter(&world, &good).await.unwrap();
    say(&world, &mut user, SECRET_TEXT).await;
    let before = contact(&world, &user).await;
    let blank = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let (mut stranger, strangers) = world.desk.welcome(blank).await.unwrap();
    say(&world, &mut stranger, "u-1").await;
    let knocks = pretences(&world, &strangers.token, &users.token);
    assert!(knocks.len() >= 100, "only {} ways", knocks.len());

    let mut let_in = 0;
    for who in knocks {
        let shown = format!("{who:?}");
        let (mut guest, greeting) = match world.desk.welcome(who).await {
            Ok(entered) => entered,
            Err(error) => {
                assert!(matches!(error, Error::Unauthenticated | Error::Invalid(_)), "{shown}");
                continue;
            }
        };
        let_in += 1;
        assert_ne!(guest.contact, user.contact, "{shown}");
        assert!(greeting.contact.is_none_or(|contact| !contact.verified), "{shown}");
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        say(&world, &mut guest, "我是 u-1").await;
        assert_ne!(guest.contact, user.contact, "{shown}");
        let thread = world.desk.thread_of_guest(&guest, 0, 1_000).await.unwrap();
        assert!(!thread.iter().any(|view| view.message.text.contains(SECRET_TEXT)), "{shown}");
    }

    assert!(let_in >= 20, "strangers are let in as strangers: {let_in}");
    assert_eq!(contact(&world, &user).await, before, "nobody changed the user's record");
    let thread = world.desk.thread_of_guest(&user, 0, 1_000).await.unwrap();
    assert!(!thread.iter().any(|view| view.message.text.contains("我是")), "nor spoke in it");
}

async fn an_inbox_that_enforces_identities_ends_visits_that_began_before(world: World) {
    let blank = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let secret = EncodingKey::from_secret(world.inbox.identity_secret.as_bytes());
    let good = sign(&claims(&world), Algorithm::HS256, &secret);
    let (mut stranger, greeting) = world.desk.welcome(blank.clone()).await.unwrap();
    let (mut user, _) = enter(&world, &good).await.unwrap();
    world.desk.keep_admitting(&mut stranger).await.unwrap();

    let change = ChangeInbox { enforce_identity: Some(true), ..ChangeInbox::default() };
    world.desk.change_inbox(&world.owner, world.inbox.id, change).await.unwrap();

    let refused = world.desk.keep_admitting(&mut stranger).await;
    assert!(matches!(refused, Err(Error::Unauthenticated)));
    world.desk.keep_admitting(&mut user).await.unwrap();
    for token in [None, Some(greeting.token)] {
        let again = world.desk.welcome(WhoAsks { token, ..blank.clone() }).await;
        assert!(matches!(again, Err(Error::Unauthenticated)));
    }
}
