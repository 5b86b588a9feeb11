//! TLS to listeners with certificates of our own: the name in the certificate is the host's.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use outbound::{HeaderMap, Limits, Policy, Refusal, Response, SendError};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::listener::read_request;
use crate::names::{Names, client};

/// An authority that nobody else trusts, and a listener with a certificate of it.
struct Trusted {
    roots_pem: Vec<u8>,
    acceptor: TlsAcceptor,
}

fn trusted(host: &str) -> Trusted {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let root = authority.self_signed(&authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let certificate =
        CertificateParams::new(vec![host.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    Trusted { roots_pem: root.pem().into_bytes(), acceptor: TlsAcceptor::from(Arc::new(config)) }
}

/// Listens with TLS, answers every request with `answer`, and remembers which names were asked for.
async fn listen(
    acceptor: TlsAcceptor,
    answer: &'static str,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let names = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&names);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            heard.lock().unwrap().push(stream.get_ref().1.server_name().unwrap_or("").to_owned());
            if read_request(&mut stream).await.is_some() {
                stream.write_all(answer.as_bytes()).await.ok();
                stream.shutdown().await.ok();
            }
        }
    });
    (address, names)
}

async fn post(policy: Policy, address: SocketAddr, host: &str) -> Result<Response, SendError> {
    let allow_private = vec![address.to_string().parse().unwrap()];
    let client = client(Policy { allow_private, ..policy }, Names::all("127.0.0.1"));
    let target = client.check(&format!("https://{host}:{}/", address.port())).await.unwrap();
    client.post(&target, HeaderMap::new(), Bytes::new()).await
}

const ANSWER: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn the_certificate_must_name_the_host_that_was_asked_for() {
    let Trusted { roots_pem, acceptor } = trusted("hook.example");
    let (address, names) = listen(acceptor, ANSWER).await;
    let policy = Policy { extra_roots_pem: roots_pem, ..Policy::default() };

    let right = post(policy.clone(), address, "hook.example").await.unwrap();
    let other = post(policy.clone(), address, "other.example").await.unwrap_err();
    let number = post(policy, address, "127.0.0.1").await.unwrap_err();

    assert_eq!(right.status, 204);
    assert_eq!(other.code(), "unreachable");
    assert_eq!(number.code(), "unreachable");
    assert_eq!(names.lock().unwrap()[0], "hook.example", "the name is sent for virtual hosts");
}

#[tokio::test]
async fn an_authority_that_nobody_added_is_not_trusted() {
    let Trusted { acceptor, .. } = trusted("hook.example");
    let (address, _) = listen(acceptor, ANSWER).await;

    let sent = post(Policy::default(), address, "hook.example").await.unwrap_err();

    assert!(sent.to_string().contains("certificate"), "{sent}");
}

#[tokio::test]
async fn no_redirect_leads_from_https_to_http() {
    let Trusted { roots_pem, acceptor } = trusted("page.example");
    let answer =
        "HTTP/1.1 302 Found\r\nlocation: http://page.example/\r\ncontent-length: 0\r\n\r\n";
    let (address, _) = listen(acceptor, answer).await;
    let allow_private = vec![address.to_string().parse().unwrap()];
    let policy =
        Policy { allow_http: true, allow_private, extra_roots_pem: roots_pem, ..Policy::default() };
    let client = client(policy, Names::all("127.0.0.1"));
    let target = client.parse(&format!("https://page.example:{}/", address.port())).unwrap();

    let got = client.get(&target, HeaderMap::new(), Limits::default()).await.unwrap_err();

    assert_eq!(got, SendError::Refused(Refusal::Downgrade));
}

#[test]
fn roots_that_cannot_be_read_are_reported() {
    let extra_roots_pem =
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
    let policy = Policy { extra_roots_pem, ..Policy::default() };

    let error = outbound::Client::new(policy, Arc::new(Names::none())).err().unwrap();

    assert!(error.to_string().contains("root certificate"), "{error}");
}
