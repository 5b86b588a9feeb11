//! `attune nlu pull`: a checkpoint by its name from a hub, here one of our own.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use crate::nlu::{Folder, json, refusal};

const NAME: &str = "our-bank/small-encoder";

/// A hub with one checkpoint; its weights are elsewhere, as on hubs that keep large files apart.
fn hub(checkpoint: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let folder = PathBuf::from(checkpoint);
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &folder);
        }
    });
    address
}

fn answer(mut stream: TcpStream, folder: &Path) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    let path = request.split(' ').nth(1).unwrap().to_owned();
    lines.find(String::is_empty);
    let file = path.strip_prefix(&format!("/{NAME}/resolve/main/"));
    let content = |file: &str| fs::read(folder.join(file)).ok();
    let (head, body) = match (file, path.strip_prefix("/large/")) {
        (Some("model.safetensors"), _) => {
            ("302 Found\r\nlocation: /large/model.safetensors".to_owned(), Vec::new())
        }
        (Some(file), _) | (None, Some(file)) => match content(file) {
            Some(body) => ("200 OK".to_owned(), body),
            None => ("404 Not Found".to_owned(), Vec::new()),
        },
        (None, None) => ("404 Not Found".to_owned(), Vec::new()),
    };
    let head =
        format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

fn checkpoint(folder: &Folder) -> (String, serde_json::Value) {
    let encoder = folder.path("encoder");
    let made = json(&[
        "nlu",
        "pretrain",
        "--data",
        &folder.examples(),
        "--out",
        &encoder,
        "--layers",
        "1",
        "--width",
        "32",
        "--epochs",
        "1",
        "--json",
    ]);
    (encoder, made)
}

#[test]
fn an_encoder_comes_from_a_hub_as_it_is_there() {
    let folder = Folder::new();
    let (encoder, made) = checkpoint(&folder);
    let (hub, out) = (hub(&encoder), folder.path("models/pulled"));

    let pulled = json(&["nlu", "pull", NAME, "--hub", &hub, "--out", &out, "--json"]);

    assert_eq!(pulled["fingerprint"], made["fingerprint"]);
    assert_eq!(pulled["width"], 32);
    let weights = |folder: &str| fs::read(Path::new(folder).join("model.safetensors")).unwrap();
    assert_eq!(weights(&out), weights(&encoder));
    let again = refusal(&["nlu", "pull", NAME, "--hub", &hub, "--out", &out]);
    assert!(again.contains("is there already"), "{again}");
}

#[test]
fn what_cannot_be_pulled_is_explained_and_nothing_is_left() {
    let folder = Folder::new();
    let (encoder, _) = checkpoint(&folder);
    let (hub, out) = (hub(&encoder), folder.path("pulled"));
    let weights = Path::new(&encoder).join("model.safetensors");
    let whole = fs::read(&weights).unwrap();
    fs::write(&weights, &whole[..whole.len() / 2]).unwrap();

    for (name, hub, problem) in [
        (NAME, hub.as_str(), "damaged or cut off"),
        ("our-bank/none", &hub, "check the name"),
        ("../secrets", &hub, "no name of a checkpoint"),
        ("a/b/c", &hub, "no name of a checkpoint"),
        (NAME, "ftp://127.0.0.1", "is no hub"),
        (NAME, "http://127.0.0.1:1", "no connection"),
    ] {
        let said = refusal(&["nlu", "pull", name, "--hub", hub, "--out", &out]);

        assert!(said.contains(problem), "{name} of {hub}: {said}");
    }
    let left = fs::read_dir(Path::new(&out).parent().unwrap()).unwrap().flatten();
    let left: Vec<_> = left.map(|file| file.path().display().to_string()).collect();
    assert!(left.iter().all(|file| !file.starts_with(&out)), "{left:?}");
}
