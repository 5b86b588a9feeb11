//! Takes over the model of a data folder from before there were releases.
//!
//! It lay in `models/<account>` itself. It is copied, so that a start that ends
//! half-way finds everything as it was; the original goes last.

use std::fs;

use domain::{Account, Id, Release, ReleaseMetrics};
use nlu::Model;
use nlu::release::{MANIFEST_FILE, WEIGHTS_FILE};

use crate::Workshop;
use crate::evaluation::{self, Evaluation};
use crate::training;

/// What was taken over.
pub(super) struct Adopted {
    pub(super) data_hash: String,
    pub(super) metrics: ReleaseMetrics,
    pub(super) evaluation: Evaluation,
}

/// Whether there is a model from before there were releases.
pub(super) fn is_there(workshop: &Workshop, account: Id<Account>) -> bool {
    workshop.models(account).join(MANIFEST_FILE).is_file()
}

/// Copies the old model into the place of a release; `None` if there is none, or
/// none that can be used: then one is trained as if it had never been there.
pub(super) fn copy(
    workshop: &Workshop,
    account: Id<Account>,
    release: Id<Release>,
) -> Option<Adopted> {
    let old = workshop.models(account);
    let data = training::read(&workshop.files(account)).ok()?;
    let model = Model::load(&old).ok()?;
    let evaluation = evaluation::evaluate(&model, &data);
    let made = workshop.partial(account, release, "1");
    fs::create_dir_all(&made).ok()?;
    for file in [WEIGHTS_FILE, MANIFEST_FILE] {
        fs::copy(old.join(file), made.join(file)).ok()?;
    }
    workshop.keep(account, release, &made).ok()?;
    Some(Adopted {
        data_hash: model.data_hash().to_owned(),
        metrics: evaluation::metrics(&model, &data, &evaluation),
        evaluation,
    })
}

/// Removes the old model. What cannot be removed does no harm: there is a release
/// now, so nobody looks for it again.
pub(super) fn clear(workshop: &Workshop, account: Id<Account>) {
    for file in [MANIFEST_FILE, WEIGHTS_FILE] {
        let _ = fs::remove_file(workshop.models(account).join(file));
    }
}
