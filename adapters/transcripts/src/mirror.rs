//! An analysis as JSON.

use serde::Serialize;
use voicera::insight::{Analysis, Origin};
use voicera::words::CallId;

use crate::record::rfc3339;

#[derive(Debug, Serialize)]
pub(crate) struct AnalysisRecord {
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    at: String,
    insights: Insights,
}

#[derive(Debug, Serialize)]
struct Insights {
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
}

impl AnalysisRecord {
    pub(crate) fn of(analysis: &Analysis) -> Self {
        Self {
            origin: analysis.origin.name(),
            by: match &analysis.origin {
                Origin::Operators => None,
                Origin::Model(name) | Origin::Carrier(name) => Some(name.clone()),
            },
            at: rfc3339(analysis.at),
            insights: Insights {
                summary: analysis.insights.summary.clone(),
            },
        }
    }

    pub(crate) fn line(&self, call: &CallId) -> serde_json::Result<Vec<u8>> {
        #[derive(Serialize)]
        struct Line<'a> {
            v: u8,
            call: &'a str,
            kind: &'static str,
            #[serde(flatten)]
            analysis: &'a AnalysisRecord,
        }
        let mut line = serde_json::to_vec(&Line {
            v: 1,
            call: call.as_str(),
            kind: "analysis",
            analysis: self,
        })?;
        line.push(b'\n');
        Ok(line)
    }
}
