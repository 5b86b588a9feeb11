//! What the bot understands, and how it learns. A file for each noun.

mod discovery;
mod examples;
mod intents;
mod parse;
mod releases;
mod reviews;
mod trial;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(releases::routes())
        .merge(intents::routes())
        .merge(examples::routes())
        .merge(parse::routes())
        .merge(reviews::routes())
        .merge(trial::routes())
        .merge(discovery::routes())
}
