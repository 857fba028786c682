//! The requests about points.

use std::collections::HashMap;

use ::qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use ::qdrant_client::qdrant::points_server::Points;
use ::qdrant_client::qdrant::vector_output::Vector as VectorOut;
use ::qdrant_client::qdrant::vectors::VectorsOptions;
use ::qdrant_client::qdrant::with_payload_selector::SelectorOptions as PayloadOptions;
use ::qdrant_client::qdrant::with_vectors_selector::SelectorOptions as VectorOptions;
use ::qdrant_client::qdrant::{
    CountPoints, CountResponse, CountResult, CreateFieldIndexCollection, DeletePoints, DenseVector,
    FieldType, GetPoints, GetResponse, NamedVectorsOutput, PointsOperationResponse, QueryPoints,
    QueryResponse, RetrievedPoint, ScoredPoint, ScrollPoints, ScrollResponse, UpdateResult,
    UpdateStatus, UpsertPoints, Value, VectorOutput, Vectors, VectorsOutput, WithPayloadSelector,
    WithVectorsSelector, query, vector, vector_input, vectors_output,
};
use tonic::{Request, Response, Status, async_trait};

use super::held::{Point, uuid};
use super::{State, refuse};

type Answer<T> = Result<Response<T>, Status>;

#[async_trait]
impl Points for State {
    async fn upsert(&self, request: Request<UpsertPoints>) -> Answer<PointsOperationResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let mut points: Vec<(String, Point)> = Vec::new();
        for point in request.points {
            let vectors = named(point.vectors)?;
            for (name, vector) in &vectors {
                collection.length(name, vector)?;
            }
            let id = uuid(&point.id.unwrap_or_default())?;
            let payload = point.payload;
            points.push((id, Point { payload, vectors }));
        }
        // A graph has nothing to do with points that have no vector.
        if points.iter().any(|(_, point)| !point.vectors.is_empty()) {
            collection.unsettled = 2;
        }
        collection.points.extend(points);
        done(request.wait)
    }

    async fn delete(&self, request: Request<DeletePoints>) -> Answer<PointsOperationResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let selected = request
            .points
            .and_then(|points| points.points_selector_one_of);
        let Some(PointsSelectorOneOf::Filter(filter)) = selected else {
            return Err(Status::unimplemented("this server deletes by filter alone"));
        };
        let matching = collection.matching(Some(&filter))?.into_iter();
        let ids: Vec<String> = matching.map(|(id, _)| id.clone()).collect();
        collection.points.retain(|id, _| !ids.contains(id));
        done(request.wait)
    }

    async fn get(&self, request: Request<GetPoints>) -> Answer<GetResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let mut result = Vec::new();
        for id in &request.ids {
            let id = uuid(id)?;
            if let Some(point) = collection.points.get(&id) {
                let (payload, vectors) = (&request.with_payload, &request.with_vectors);
                result.push(retrieved(&id, point, payload, vectors)?);
            }
        }
        Ok(Response::new(GetResponse {
            result,
            ..GetResponse::default()
        }))
    }

    async fn create_field_index(
        &self,
        request: Request<CreateFieldIndexCollection>,
    ) -> Answer<PointsOperationResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let kind = request.field_type.unwrap_or_default();
        let kind = FieldType::try_from(kind).unwrap_or(FieldType::Keyword);
        collection.fields.insert(request.field_name, kind);
        done(request.wait)
    }

    async fn scroll(&self, request: Request<ScrollPoints>) -> Answer<ScrollResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let from = request.offset.as_ref().map(uuid).transpose()?;
        let from = from.unwrap_or_default();
        let limit = request.limit.unwrap_or(10) as usize;
        if limit == 0 {
            return Err(Status::invalid_argument("Validation error: limit: 0"));
        }
        let mut matching = collection.matching(request.filter.as_ref())?.into_iter();
        let mut result = Vec::new();
        for (id, point) in matching
            .by_ref()
            .skip_while(|(id, _)| **id < from)
            .take(limit)
        {
            let (payload, vectors) = (&request.with_payload, &request.with_vectors);
            result.push(retrieved(id, point, payload, vectors)?);
        }
        Ok(Response::new(ScrollResponse {
            result,
            next_page_offset: matching.next().map(|(id, _)| id.as_str().into()),
            ..ScrollResponse::default()
        }))
    }

    async fn count(&self, request: Request<CountPoints>) -> Answer<CountResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let count = collection.matching(request.filter.as_ref())?.len() as u64;
        Ok(Response::new(CountResponse {
            result: Some(CountResult { count }),
            ..CountResponse::default()
        }))
    }

    async fn query(&self, request: Request<QueryPoints>) -> Answer<QueryResponse> {
        let mut held = self.enter(&request).await?;
        let request = request.into_inner();
        let collection = held.collection(&request.collection_name)?;
        let nearest = match request.query.and_then(|query| query.variant) {
            Some(query::Variant::Nearest(nearest)) => nearest.variant,
            _ => None,
        };
        let Some(vector_input::Variant::Dense(question)) = nearest else {
            return Err(Status::unimplemented(
                "this server finds what is nearest alone",
            ));
        };
        let using = request.using.unwrap_or_default();
        collection.length(&using, &question.data)?;
        let mut result = Vec::new();
        for (id, point) in collection.matching(request.filter.as_ref())? {
            let Some(vector) = point.vectors.get(&using) else {
                continue;
            };
            let products = vector.iter().zip(&question.data).map(|(a, b)| a * b);
            result.push(ScoredPoint {
                id: Some(id.as_str().into()),
                payload: payload(point, &request.with_payload)?,
                score: products.sum(),
                ..ScoredPoint::default()
            });
        }
        result.sort_by(|a, b| b.score.total_cmp(&a.score));
        result.truncate(request.limit.unwrap_or(10) as usize);
        Ok(Response::new(QueryResponse {
            result,
            ..QueryResponse::default()
        }))
    }

    refuse! {
        update_vectors(UpdatePointVectors) -> PointsOperationResponse;
        delete_vectors(DeletePointVectors) -> PointsOperationResponse;
        set_payload(SetPayloadPoints) -> PointsOperationResponse;
        overwrite_payload(SetPayloadPoints) -> PointsOperationResponse;
        delete_payload(DeletePayloadPoints) -> PointsOperationResponse;
        clear_payload(ClearPayloadPoints) -> PointsOperationResponse;
        delete_field_index(DeleteFieldIndexCollection) -> PointsOperationResponse;
        create_vector_name(CreateVectorNameRequest) -> PointsOperationResponse;
        delete_vector_name(DeleteVectorNameRequest) -> PointsOperationResponse;
        search(SearchPoints) -> SearchResponse;
        search_batch(SearchBatchPoints) -> SearchBatchResponse;
        search_groups(SearchPointGroups) -> SearchGroupsResponse;
        recommend(RecommendPoints) -> RecommendResponse;
        recommend_batch(RecommendBatchPoints) -> RecommendBatchResponse;
        recommend_groups(RecommendPointGroups) -> RecommendGroupsResponse;
        discover(DiscoverPoints) -> DiscoverResponse;
        discover_batch(DiscoverBatchPoints) -> DiscoverBatchResponse;
        update_batch(UpdateBatchPoints) -> UpdateBatchResponse;
        query_batch(QueryBatchPoints) -> QueryBatchResponse;
        query_groups(QueryPointGroups) -> QueryGroupsResponse;
        facet(FacetCounts) -> FacetResponse;
        search_matrix_pairs(SearchMatrixPoints) -> SearchMatrixPairsResponse;
        search_matrix_offsets(SearchMatrixPoints) -> SearchMatrixOffsetsResponse;
    }
}

fn named(vectors: Option<Vectors>) -> Result<HashMap<String, Vec<f32>>, Status> {
    let Some(VectorsOptions::Vectors(vectors)) = vectors.and_then(|v| v.vectors_options) else {
        return Err(Status::invalid_argument("Expected some vectors"));
    };
    let dense = vectors
        .vectors
        .into_iter()
        .map(|(name, vector)| match vector.vector {
            Some(vector::Vector::Dense(dense)) => Ok((name, dense.data)),
            _ => Err(Status::unimplemented(
                "this server takes dense vectors alone",
            )),
        });
    dense.collect()
}

fn payload(
    point: &Point,
    wanted: &Option<WithPayloadSelector>,
) -> Result<HashMap<String, Value>, Status> {
    let wanted = wanted.as_ref().and_then(|w| w.selector_options.as_ref());
    let mut payload = point.payload.clone();
    match wanted {
        None | Some(PayloadOptions::Enable(false)) => payload.clear(),
        Some(PayloadOptions::Enable(true)) => {}
        Some(PayloadOptions::Include(fields)) => {
            payload.retain(|field, _| fields.fields.contains(field));
        }
        Some(PayloadOptions::Exclude(_)) => {
            return Err(Status::unimplemented("this server leaves no field out"));
        }
    }
    Ok(payload)
}

fn retrieved(
    id: &str,
    point: &Point,
    with_payload: &Option<WithPayloadSelector>,
    with_vectors: &Option<WithVectorsSelector>,
) -> Result<RetrievedPoint, Status> {
    let wanted = with_vectors
        .as_ref()
        .and_then(|w| w.selector_options.as_ref());
    let vectors = matches!(wanted, Some(VectorOptions::Enable(true))).then(|| {
        let vectors = point.vectors.iter().map(|(name, data)| {
            let dense = VectorOut::Dense(DenseVector { data: data.clone() });
            let output = VectorOutput {
                vector: Some(dense),
                ..VectorOutput::default()
            };
            (name.clone(), output)
        });
        let vectors = vectors.collect();
        VectorsOutput {
            vectors_options: Some(vectors_output::VectorsOptions::Vectors(
                NamedVectorsOutput { vectors },
            )),
        }
    });
    Ok(RetrievedPoint {
        id: Some(id.into()),
        payload: payload(point, with_payload)?,
        vectors,
        ..RetrievedPoint::default()
    })
}

fn done(wait: Option<bool>) -> Answer<PointsOperationResponse> {
    let status = match wait {
        Some(true) => UpdateStatus::Completed,
        _ => UpdateStatus::Acknowledged,
    };
    let result = UpdateResult {
        operation_id: Some(1),
        status: status.into(),
    };
    Ok(Response::new(PointsOperationResponse {
        result: Some(result),
        ..PointsOperationResponse::default()
    }))
}
