//! The pictures of a page, drawn as SVG by ourselves: no script, no font, nothing fetched.

use super::markup::{drawing, escape, label, percent, short};
use super::words::Words;
use crate::evaluate::{Bin, CurvePoint, IntentReport, Report, RiskPoint};

/// How many intents the bars show.
const BARS_MAX: usize = 30;
/// How many intents a side of the heat map has.
const HEAT_SIDE_MAX: usize = 14;
const HEAT_CELL: f32 = 44.0;
const HEAT_LEFT: f32 = 210.0;
const HEAT_TOP: f32 = 140.0;
const WIDTH: f32 = 460.0;
const HEIGHT: f32 = 320.0;
const LEFT: f32 = 66.0;
const BOTTOM: f32 = 44.0;
const TOP: f32 = 12.0;
const RIGHT: f32 = 26.0;

/// A plane on which shares are drawn: x and y from `from` to `to`.
struct Plane {
    from: (f32, f32),
    to: (f32, f32),
}

impl Plane {
    fn x(&self, x: f32) -> f32 {
        LEFT + (x - self.from.0) / (self.to.0 - self.from.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, y: f32) -> f32 {
        HEIGHT - BOTTOM - (y - self.from.1) / (self.to.1 - self.from.1) * (HEIGHT - BOTTOM - TOP)
    }

    /// Lines and numbers behind the picture; `x_tick` writes what stands below a line.
    fn grid(&self, x_name: &str, y_name: &str, x_tick: impl Fn(f32) -> String) -> String {
        let mut out = String::new();
        for step in 0..=5 {
            let part = step as f32 / 5.0;
            let x_value = self.from.0 + part * (self.to.0 - self.from.0);
            let y_value = self.from.1 + part * (self.to.1 - self.from.1);
            let (x, y) = (self.x(x_value), self.y(y_value));
            let (left, right) = (self.x(self.from.0), self.x(self.to.0));
            out += &format!(
                "<line x1=\"{left:.1}\" x2=\"{right:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" class=\"g\"/>"
            );
            out +=
                &label(left - 6.0, y + 4.0, "end", "t", ticked(y_value, self.to.1 - self.from.1));
            out += &label(x, HEIGHT - BOTTOM + 16.0, "middle", "t", x_tick(x_value));
        }
        out += &label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8.0, "middle", "a", escape(x_name));
        let middle = (TOP + HEIGHT - BOTTOM) / 2.0;
        out + &format!(
            "<text transform=\"translate(12 {middle:.1}) rotate(-90)\" text-anchor=\"middle\" class=\"a\">{}</text>",
            escape(y_name)
        )
    }

    fn line(&self, points: impl Iterator<Item = (f32, f32)>, class: &str) -> String {
        let points: Vec<String> =
            points.map(|(x, y)| format!("{:.1},{:.1}", self.x(x), self.y(y))).collect();
        format!("<polyline points=\"{}\" class=\"{class}\"/>", points.join(" "))
    }
}

/// A share as percent, with digits where the whole is small.
fn ticked(share: f32, range: f32) -> String {
    if range < 0.1 { format!("{:.1} %", share * 100.0) } else { format!("{:.0} %", share * 100.0) }
}

pub(super) fn reliability(bins: &[Bin], words: &Words) -> String {
    let plane = Plane { from: (0.0, 0.0), to: (1.0, 1.0) };
    let most = bins.iter().map(|bin| bin.answers).max().unwrap_or(1).max(1);
    let mut out = plane.grid(words.confidence, words.share_right, |x| ticked(x, 1.0));
    for bin in bins {
        let (x, y) = (plane.x(bin.from), plane.y(bin.accuracy));
        let (width, height) = (plane.x(bin.to) - x - 2.0, plane.y(0.0) - y);
        let shade = 0.25 + 0.75 * (bin.answers as f32 / most as f32).sqrt();
        out += &format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" class=\"b\" opacity=\"{shade:.2}\"><title>{} {}: {} {} · {}</title></rect>",
            words.confidence,
            percent(bin.confidence),
            words.share_right,
            percent(bin.accuracy),
            bin.answers
        );
        let (x, y) = (plane.x(bin.confidence), plane.y(bin.accuracy));
        out += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" class=\"d\"/>");
    }
    out += &plane.line([(0.0, 0.0), (1.0, 1.0)].into_iter(), "h");
    drawing(WIDTH, HEIGHT, words.reliability, &out)
}

pub(super) fn risk(points: &[RiskPoint], words: &Words) -> String {
    let most = points.iter().map(|point| point.risk).fold(0.06, f32::max);
    // The scale ends above the worst, at a full five percent.
    let plane = Plane { from: (0.0, 0.0), to: (1.0, ((most * 21.0).ceil() / 20.0).min(1.0)) };
    let mut out = plane.grid(words.share_answered, words.share_wrong, |x| ticked(x, 1.0));
    out += &plane.line([(0.0, 0.05), (1.0, 0.05)].into_iter(), "h");
    out += &plane.line(points.iter().map(|point| (point.coverage, point.risk)), "l");
    drawing(WIDTH, HEIGHT, words.risk_title, &out)
}

pub(super) fn learning(points: &[CurvePoint], words: &Words) -> String {
    let least =
        points.iter().flat_map(|point| [point.accuracy, point.macro_f1]).fold(1.0, f32::min);
    let last = points.iter().map(|point| point.examples).max().unwrap_or(1).max(1) as f32;
    // The scale begins below the first point, at a full ten percent.
    let from = ((least * 10.0 - 0.2).floor() / 10.0).max(0.0);
    let plane = Plane { from: (0.0, from), to: (last, 1.0) };
    let mut out = plane.grid(
        words.examples,
        &format!("{} — {} - -", words.accuracy, words.macro_f1),
        |x| format!("{x:.0}"),
    );
    out += &plane.line(points.iter().map(|point| (point.examples as f32, point.accuracy)), "l");
    out += &plane.line(points.iter().map(|point| (point.examples as f32, point.macro_f1)), "l h2");
    for point in points {
        let (x, y) = (plane.x(point.examples as f32), plane.y(point.accuracy));
        out += &format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" class=\"d\"><title>{}: {}</title></circle>",
            point.examples,
            percent(point.accuracy)
        );
    }
    drawing(WIDTH, HEIGHT, words.curve_title, &out)
}

pub(super) fn bars(intents: &[IntentReport], words: &Words) -> String {
    let mut weakest: Vec<&IntentReport> = intents.iter().collect();
    weakest.sort_by(|a, b| a.f1.total_cmp(&b.f1));
    weakest.truncate(BARS_MAX);
    let (row, left, right) = (19.0, 210.0, 70.0);
    let width = 2.0 * WIDTH;
    let length = |share: f32| share * (width - left - right);
    let mut out = String::new();
    for (number, one) in weakest.iter().enumerate() {
        let y = number as f32 * row + 4.0;
        let middle = y + 7.0;
        out += &format!(
            "<g><title>{}: {} {}, {} {}, {} {}</title>",
            escape(&one.intent),
            words.precision,
            percent(one.precision),
            words.recall,
            percent(one.recall),
            words.tests,
            one.examples
        );
        out += &label(left - 8.0, y + 11.5, "end", "t", short(&one.intent, 30));
        out += &format!(
            "<rect x=\"{left}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"14\" class=\"w\"/>",
            length(1.0)
        );
        out += &format!(
            "<rect x=\"{left}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"14\" class=\"b\"/>",
            length(one.f1)
        );
        let (precision, recall) = (left + length(one.precision), left + length(one.recall));
        out += &format!(
            "<path d=\"M{:.1} {:.1}l4.5 8h-9z\" class=\"k\"/><circle cx=\"{recall:.1}\" cy=\"{middle:.1}\" r=\"3.6\" class=\"k\"/>",
            precision,
            middle - 4.5
        );
        out += &label(width - 4.0, y + 11.5, "end", "t", percent(one.f1));
        out += "</g>";
    }
    drawing(width, weakest.len() as f32 * row + 6.0, words.intents_title, &out)
}

/// The accuracy on each set as a bar, and that of keyword rules as a mark on it: name, model, rules.
pub(in crate::report) fn against_rules(
    sets: &[(String, f32, Option<f32>)],
    title: &str,
    [model, rules]: [&str; 2],
) -> String {
    let (row, left, right, top) = (26.0, 210.0, 70.0, 26.0);
    let width = 2.0 * WIDTH;
    let x = |share: f32| left + share * (width - left - right);
    let mut out = format!(
        "<rect x=\"{left}\" y=\"3\" width=\"14\" height=\"12\" class=\"b\"/><circle cx=\"{:.1}\" cy=\"9\" r=\"5\" class=\"k\"/>",
        x(0.3)
    );
    out += &label(left + 20.0, 13.0, "start", "t", escape(model));
    out += &label(x(0.3) + 10.0, 13.0, "start", "t", escape(rules));
    for (number, (name, accuracy, by_rules)) in sets.iter().enumerate() {
        let y = top + number as f32 * row;
        out += &label(left - 8.0, y + 13.5, "end", "t", short(name, 32));
        for (share, class) in [(1.0, "w"), (*accuracy, "b")] {
            out += &format!(
                "<rect x=\"{left}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"18\" class=\"{class}\"/>",
                x(share) - left
            );
        }
        if let Some(by_rules) = by_rules {
            let (x, y) = (x(*by_rules), y + 9.0);
            out += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" class=\"k\"/>");
        }
        out += &label(width - 4.0, y + 13.5, "end", "t", percent(*accuracy));
    }
    drawing(width, top + sets.len() as f32 * row, title, &out)
}

/// The intents that are confused most, each once.
fn confused_intents(report: &Report) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for one in &report.confusions {
        let new = [&*one.expected, &*one.found]
            .into_iter()
            .filter(|name| !name.is_empty() && !names.contains(name))
            .collect::<Vec<_>>();
        if names.len() + new.len() > HEAT_SIDE_MAX {
            break;
        }
        names.extend(new);
    }
    names
}

/// How often one intent was taken for another, or for itself.
fn count(report: &Report, expected: &str, found: &str) -> usize {
    if expected == found {
        let of = report.intents.iter().find(|one| one.intent == expected);
        return of.map_or(0, |one| (one.recall * one.examples as f32).round() as usize);
    }
    let pair = report.confusions.iter().find(|one| one.expected == expected && one.found == found);
    pair.map_or(0, |one| one.count)
}

pub(super) fn heat_map(report: &Report, words: &Words) -> String {
    let names = confused_intents(report);
    let most = report.confusions.first().map_or(1, |one| one.count).max(1) as f32;
    let mut out = String::new();
    for (row, expected) in names.iter().enumerate() {
        let (x, y) = cell_at(row, row);
        out += &label(HEAT_LEFT - 8.0, y + HEAT_CELL / 2.0 + 4.0, "end", "t", short(expected, 30));
        out += &format!(
            "<text transform=\"translate({:.1} {:.1}) rotate(-50)\" class=\"t\">{}</text>",
            x + HEAT_CELL / 2.0 + 4.0,
            HEAT_TOP - 8.0,
            short(expected, 24)
        );
        for (column, found) in names.iter().enumerate() {
            let count = count(report, expected, found);
            let shade = if row == column { 0.16 } else { (count as f32 / most).sqrt() };
            out += &format!(
                "<g><title>{}: {} · {}: {} · {count}</title>{}</g>",
                words.expected,
                escape(expected),
                words.found,
                escape(found),
                cell(cell_at(row, column), count, shade, row == column)
            );
        }
    }
    let side = names.len() as f32 * HEAT_CELL;
    let width = (HEAT_LEFT + side + 110.0).max(2.0 * WIDTH);
    drawing(width, HEAT_TOP + side + 6.0, words.heat_title, &out)
}

fn cell_at(row: usize, column: usize) -> (f32, f32) {
    (HEAT_LEFT + column as f32 * HEAT_CELL, HEAT_TOP + row as f32 * HEAT_CELL)
}

fn cell((x, y): (f32, f32), count: usize, shade: f32, right: bool) -> String {
    let side = HEAT_CELL - 2.0;
    let square = |class: &str, opacity: f32| {
        format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{side}\" height=\"{side}\" class=\"{class}\" opacity=\"{opacity:.2}\"/>"
        )
    };
    if count == 0 {
        return square("w", 1.0);
    }
    let class = if right { "ok" } else { "no" };
    // A number on a strong colour is written in the colour of the ground.
    let ink = if shade > 0.55 { "s" } else { "t" };
    let number = label(x + side / 2.0, y + side / 2.0 + 5.0, "middle", ink, count);
    square("w", 1.0) + &square(class, shade) + &number
}
