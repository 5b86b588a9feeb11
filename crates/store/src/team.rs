//! Teams on disk.

use domain::{Agent, Id, Result, Team};

use crate::sql::ms;
use crate::{Reader, Sql, Tx};

/// Adds a team, or saves a changed one, with its members.
pub async fn save(tx: &Tx, team: &Team) -> Result<()> {
    let account = tx.account().number();
    let row = [
        team.id.number().into(),
        account.into(),
        team.name.clone().into(),
        ms(team.created_at).into(),
    ];
    let head = "INSERT INTO team (id, account_id, name, created_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    tx.insert_many(head, vec![row], tail).await?;
    forget_members(tx, team.id).await?;
    let members = team
        .agents
        .iter()
        .map(|agent| [account.into(), team.id.number().into(), agent.number().into()]);
    let head = "INSERT INTO team_agent (account_id, team_id, agent_id)";
    tx.insert_many(head, members.collect(), "ON CONFLICT DO NOTHING").await
}

/// Removes a team; conversations that were its work are nobody's. `false` if
/// there was none.
pub async fn delete(tx: &Tx, id: Id<Team>) -> Result<bool> {
    forget_members(tx, id).await?;
    let account = tx.account().number();
    let sql =
        Sql::new("UPDATE conversation SET team_id = NULL WHERE account_id = ? AND team_id = ?");
    tx.run(sql.bind(account).bind(id.number())).await?;
    let sql = Sql::new("DELETE FROM team WHERE account_id = ? AND id = ?");
    Ok(tx.run(sql.bind(account).bind(id.number())).await? > 0)
}

/// Finds a team.
pub async fn find(reader: &Reader, id: Id<Team>) -> Result<Option<Team>> {
    Ok(list(reader).await?.into_iter().find(|team| team.id == id))
}

/// Lists the teams of the account, oldest first.
pub async fn list(reader: &Reader) -> Result<Vec<Team>> {
    let account = reader.account().number();
    let sql =
        Sql::new("SELECT team_id, agent_id FROM team_agent WHERE account_id = ?").bind(account);
    let members: Vec<(Id<Team>, Id<Agent>)> = reader
        .all(sql)
        .await?
        .iter()
        .map(|row| Ok((row.id("team_id")?, row.id("agent_id")?)))
        .collect::<Result<_>>()?;
    let sql = Sql::new("SELECT id, name, created_at FROM team WHERE account_id = ? ORDER BY id");
    let rows = reader.all(sql.bind(account)).await?;
    rows.iter()
        .map(|row| {
            let id = row.id("id")?;
            let agents = members.iter().filter(|(team, _)| *team == id).map(|(_, agent)| *agent);
            Ok(Team {
                id,
                name: row.get("name")?,
                agents: agents.collect(),
                created_at: row.time("created_at")?,
            })
        })
        .collect()
}

async fn forget_members(tx: &Tx, id: Id<Team>) -> Result<()> {
    let sql = Sql::new("DELETE FROM team_agent WHERE account_id = ? AND team_id = ?")
        .bind(tx.account().number())
        .bind(id.number());
    tx.run(sql).await.map(drop)
}
