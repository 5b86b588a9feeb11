//! Questions that wait at the same time are answered together.
//!
//! An encoder reads thirty-two texts in a third of the time that it takes to read them one by
//! one. Nobody waits for company: the first question is worked on at once, and whoever comes
//! meanwhile forms the next batch. What the answers are, and how long somebody waits for one, is
//! the matter of others.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::counter;
use tokio::sync::oneshot;

use crate::Understood;

/// How many questions are answered together at most.
pub(crate) const BATCH_MAX: usize = 32;
/// How many questions wait at most; at three milliseconds each, the last waits less than a second.
pub(crate) const WAITING_MAX: usize = 256;

/// How many batches were answered, and the questions in them.
const BATCHES: &str = "attune_understanding_batches_total";
const QUESTIONS: &str = "attune_understanding_questions_total";
/// How many questions were refused because too many waited.
const REFUSED: &str = "attune_understanding_refused_total";

/// Answers several questions, each by its place.
type Answer = dyn Fn(&[&str]) -> Vec<Understood> + Send + Sync;

/// Answers questions in batches, on a blocking thread that there is only while there are questions.
pub(crate) struct Batches {
    answer: Box<Answer>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Question>,
    is_worked_off: bool,
}

struct Question {
    text: String,
    reply: oneshot::Sender<Understood>,
}

impl Batches {
    /// Lets questions be answered in batches.
    pub(crate) fn new(answer: impl Fn(&[&str]) -> Vec<Understood> + Send + Sync + 'static) -> Self {
        Batches { answer: Box::new(answer), queue: Mutex::default() }
    }

    /// Asks; `None` if too many wait, or if answering failed. Whoever gives up takes the question
    /// back by dropping this.
    pub(crate) async fn ask(self: &Arc<Self>, text: &str) -> Option<Understood> {
        let (reply, answer) = oneshot::channel();
        if self.push(Question { text: text.to_owned(), reply })? {
            let own = Arc::clone(self);
            tokio::task::spawn_blocking(move || own.work_off());
        }
        answer.await.ok()
    }

    /// Adds a question and tells whether somebody must begin to work; `None` if there is no room.
    fn push(&self, question: Question) -> Option<bool> {
        let mut queue = self.queue();
        if queue.waiting.len() >= WAITING_MAX {
            // Those who gave up meanwhile need no place.
            queue.waiting.retain(|one| !one.reply.is_closed());
        }
        if queue.waiting.len() >= WAITING_MAX {
            counter!(REFUSED).increment(1);
            return None;
        }
        queue.waiting.push_back(question);
        Some(!std::mem::replace(&mut queue.is_worked_off, true))
    }

    fn work_off(&self) {
        while let Some(batch) = self.next() {
            let texts: Vec<&str> = batch.iter().map(|one| one.text.as_str()).collect();
            counter!(BATCHES).increment(1);
            counter!(QUESTIONS).increment(texts.len() as u64);
            let answers = std::panic::catch_unwind(AssertUnwindSafe(|| (self.answer)(&texts)));
            let Ok(answers) = answers else {
                tracing::error!("understanding panicked; the conversations go to people");
                continue;
            };
            for (question, answer) in batch.into_iter().zip(answers) {
                // Who asked may have given up.
                let _ = question.reply.send(answer);
            }
        }
    }

    /// Takes the next questions that somebody still waits for; `None` ends the work.
    fn next(&self) -> Option<Vec<Question>> {
        let mut queue = self.queue();
        let mut batch = Vec::new();
        while batch.len() < BATCH_MAX
            && let Some(question) = queue.waiting.pop_front()
        {
            if !question.reply.is_closed() {
                batch.push(question);
            }
        }
        queue.is_worked_off = !batch.is_empty();
        (!batch.is_empty()).then_some(batch)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use futures::FutureExt as _;
    use futures::future::join_all;
    use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

    use super::*;

    /// Answers that wait for leave, and tell how large each batch was.
    struct Bench {
        batches: Arc<Batches>,
        leave: mpsc::Sender<()>,
        sizes: mpsc::Receiver<usize>,
    }

    fn bench() -> Bench {
        let (leave, wait) = mpsc::channel();
        let (tell, sizes) = mpsc::channel();
        let wait = Mutex::new(wait);
        let batches = Batches::new(move |texts| {
            tell.send(texts.len()).unwrap();
            wait.lock().unwrap_or_else(PoisonError::into_inner).recv().unwrap();
            assert!(!texts.contains(&"bug"), "a bug, as asked for");
            texts.iter().map(|text| echo(text)).collect()
        });
        Bench { batches: Arc::new(batches), leave, sizes }
    }

    fn echo(text: &str) -> Understood {
        Understood { intents: vec![(text.to_owned(), 1.0)], ..Understood::default() }
    }

    impl Bench {
        /// Asks, and returns when the question waits or is worked on.
        fn ask(&self, text: &str) -> impl Future<Output = Option<Understood>> + use<> {
            let (batches, text) = (Arc::clone(&self.batches), text.to_owned());
            let mut asked = Box::pin(async move { batches.ask(&text).await });
            let now = asked.as_mut().now_or_never();
            async move {
                match now {
                    Some(answer) => answer,
                    None => asked.await,
                }
            }
        }

        fn next_size(&self) -> usize {
            self.sizes.recv_timeout(Duration::from_secs(30)).unwrap()
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_comes_while_a_batch_runs_forms_the_next() {
        let bench = bench();
        let mut asked = vec![bench.ask("0")];
        assert_eq!(bench.next_size(), 1, "the first does not wait for company");

        asked.extend((1..=40).map(|n| bench.ask(&n.to_string())));
        for _ in 0..3 {
            bench.leave.send(()).unwrap();
        }
        let answers = join_all(asked).await;

        assert_eq!([bench.next_size(), bench.next_size()], [BATCH_MAX, 8]);
        for (n, answer) in answers.into_iter().enumerate() {
            assert_eq!(answer, Some(echo(&n.to_string())), "each gets the answer to its own");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_question_too_many_is_refused_and_no_other_is_lost() {
        let bench = bench();
        let first = bench.ask("first");
        assert_eq!(bench.next_size(), 1);
        let waiting: Vec<_> = (0..WAITING_MAX).map(|n| bench.ask(&n.to_string())).collect();

        assert_eq!(bench.ask("late").await, None);

        for _ in 0..=WAITING_MAX.div_ceil(BATCH_MAX) {
            bench.leave.send(()).unwrap();
        }
        assert_eq!(first.await, Some(echo("first")));
        let answers = join_all(waiting).await;
        assert_eq!(answers.iter().flatten().count(), WAITING_MAX);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_gave_up_costs_nothing_and_makes_room() {
        let bench = bench();
        let first = bench.ask("first");
        assert_eq!(bench.next_size(), 1);
        drop((0..WAITING_MAX).map(|n| bench.ask(&n.to_string())).collect::<Vec<_>>());

        let last = bench.ask("last");
        bench.leave.send(()).unwrap();
        bench.leave.send(()).unwrap();

        assert_eq!((first.await, last.await), (Some(echo("first")), Some(echo("last"))));
        assert_eq!(bench.next_size(), 1, "only the last one was left");
    }

    /// The value of a figure; 0 before it was counted.
    fn figure(handle: &PrometheusHandle, name: &str) -> u64 {
        let shown = handle.render();
        let line = shown.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.map_or(0, |value| value.parse().unwrap())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn figures_tell_how_many_were_answered_together() {
        let handle = PrometheusBuilder::new().install_recorder().unwrap();
        let names = [BATCHES, QUESTIONS, REFUSED];
        let before = names.map(|name| figure(&handle, name));
        let bench = bench();
        let mut asked = vec![bench.ask("first")];
        bench.next_size();
        asked.extend((0..WAITING_MAX).map(|n| bench.ask(&n.to_string())));
        asked.push(bench.ask("late"));
        (0..9).for_each(|_| bench.leave.send(()).unwrap());

        join_all(asked).await;

        // Other tests count at the same time.
        let after = names.map(|name| figure(&handle, name));
        let at_least = [9, WAITING_MAX as u64 + 1, 1];
        for ((name, least), (before, after)) in
            names.iter().zip(at_least).zip(before.into_iter().zip(after))
        {
            assert!(after - before >= least, "{name}: {before} {after}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_bug_fails_its_batch_and_no_other() {
        let bench = bench();
        let broken = bench.ask("bug");
        assert_eq!(bench.next_size(), 1);
        let next = bench.ask("next");
        bench.leave.send(()).unwrap();
        bench.leave.send(()).unwrap();

        assert_eq!((broken.await, next.await), (None, Some(echo("next"))));
        let later = bench.ask("later");
        bench.leave.send(()).unwrap();
        assert_eq!(later.await, Some(echo("later")), "work begins again");
    }
}
