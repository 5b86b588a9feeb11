//! What the bot understands, and how it learns: releases of its model. A file
//! for each noun.

mod releases;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    releases::routes()
}
