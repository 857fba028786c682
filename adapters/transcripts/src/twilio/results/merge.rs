//! The insights of a call whose sessions have a transcript each.

use voicera::insight::{Detection, Insights, Mood, Sentiment};

/// What holds for both, the earlier session first.
pub(in crate::twilio) fn merge(earlier: Insights, later: Insights) -> Insights {
    Insights {
        escalation: both(earlier.escalation, later.escalation, detection),
        introduction: both(earlier.introduction, later.introduction, detection),
        transfer: both(earlier.transfer, later.transfer, detection),
        entities: both(earlier.entities, later.entities, |mut entities, more| {
            entities.extend(more);
            entities
        }),
        sentiment: both(earlier.sentiment, later.sentiment, sentiment),
        summary: both(earlier.summary, later.summary, |summary, more| {
            format!("{summary}\n{more}")
        }),
        services: both(earlier.services, later.services, |mut services, more| {
            for service in more {
                match services
                    .iter_mut()
                    .find(|known| known.label == service.label)
                {
                    Some(known) => known.evidence.extend(service.evidence),
                    None => services.push(service),
                }
            }
            services
        }),
    }
}

fn both<T>(earlier: Option<T>, later: Option<T>, join: impl FnOnce(T, T) -> T) -> Option<T> {
    match (earlier, later) {
        (Some(earlier), Some(later)) => Some(join(earlier, later)),
        (one, other) => one.or(other),
    }
}

/// It happened when it happened in one of them.
fn detection(earlier: Detection, later: Detection) -> Detection {
    match (earlier.detected, later.detected) {
        (true, true) => Detection {
            detected: true,
            confidence: earlier.confidence.max(later.confidence),
            evidence: [earlier.evidence, later.evidence].concat(),
        },
        (true, false) => earlier,
        (false, true) => later,
        (false, false) => Detection {
            confidence: earlier.confidence.min(later.confidence),
            ..earlier
        },
    }
}

fn sentiment(earlier: Sentiment, later: Sentiment) -> Sentiment {
    let overall = match (earlier.overall, later.overall) {
        (one, other) if one == other => one,
        (Mood::Neutral, mood) | (mood, Mood::Neutral) => mood,
        _ => Mood::Mixed,
    };
    Sentiment {
        overall,
        confidence: earlier.confidence.min(later.confidence),
        lines: [earlier.lines, later.lines].concat(),
    }
}
