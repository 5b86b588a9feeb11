//! Every route as every role: what the table allows, and nothing else.

use api::{Access, TABLE};
use domain::{Permission, Role};

use crate::{As, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_role_gets_what_the_table_says_and_nothing_else() {
    let world = World::on_sqlite().await;
    let (account, _) = world.account("acme").await;
    for role in [Role::Owner, Role::Supervisor, Role::Agent, Role::Trainer] {
        let agent = world.agent(&account, role, &format!("a.{role:?}@acme.example")).await;
        let token = world.token(&agent).await;
        for (method, path, access) in TABLE {
            let Access::Agent(permission) = access else { continue };
            let path = path
                .replace("{id}", "7")
                .replace("{message_id}", "7")
                .replace("{delivery_id}", "7");
            let body = (*method != "GET").then_some("{}");

            let answer = world.call(method, &path, As::Token(&token), body).await;

            // An agent may change oneself; that 7 is somebody else is known only inside.
            let may = role.may(*permission) && (path != "/api/v1/agents/7" || *method != "PATCH");
            if may {
                assert_ne!(answer.status, 401, "{role:?} {method} {path}");
                assert!(
                    answer.status != 403 || path.ends_with("/logout"),
                    "{role:?} {method} {path}: {}",
                    answer.text
                );
                assert!(answer.status.as_u16() < 500, "{role:?} {method} {path}: {}", answer.text);
            } else if !role.may(Permission::Administer) {
                answer.is_problem(403, "denied");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitors_token_is_no_agents_and_the_other_way_round() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let inbox =
        world.post("/api/v1/inboxes", As::Token(&token), r#"{"name": "Web"}"#).await.is(201).json();
    let hello = format!(r#"{{"inbox": {}}}"#, inbox["key"]);
    let welcome = world.post("/api/v1/visitor/welcome", As::Nobody, &hello).await.is(200).json();
    let visitor = welcome["token"].as_str().unwrap();

    for (method, path, access) in TABLE {
        let path = path
            .replace("{id}", "7")
            .replace("{key}", "ib_7")
            .replace("{message_id}", "7")
            .replace("{delivery_id}", "7");
        let wrong = match access {
            Access::Public | Access::Operator => continue,
            Access::Agent(_) => As::Token(visitor),
            Access::Visitor | Access::Signed => As::Token(&token),
        };
        world
            .call(method, &path, wrong, (*method != "GET").then_some("{}"))
            .await
            .is_problem(401, "unauthenticated");
    }
}
