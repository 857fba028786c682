//! The requests about collections and aliases.

use std::collections::{BTreeMap, HashMap};

use ::qdrant_client::qdrant::collections_server::Collections;
use ::qdrant_client::qdrant::vectors_config::Config;
use ::qdrant_client::qdrant::{
    AliasDescription, ChangeAliases, CollectionConfig, CollectionDescription, CollectionInfo,
    CollectionOperationResponse, CollectionParams, CollectionStatus, CreateCollection,
    DeleteCollection, GetCollectionInfoRequest, GetCollectionInfoResponse, ListAliasesRequest,
    ListAliasesResponse, ListCollectionsRequest, ListCollectionsResponse, OptimizerStatus,
};
use tonic::{Request, Response, Status, async_trait};

use super::held::Collection;
use super::{State, Weather, busy, lock, refuse};

type Answer<T> = Result<Response<T>, Status>;

#[async_trait]
impl Collections for State {
    async fn get(
        &self,
        request: Request<GetCollectionInfoRequest>,
    ) -> Answer<GetCollectionInfoResponse> {
        let mut held = self.enter(&request).await?;
        let collection = held.collection(&request.get_ref().collection_name)?;
        let status = match collection.unsettled {
            0 => CollectionStatus::Green,
            _ => CollectionStatus::Yellow,
        };
        collection.unsettled = collection.unsettled.saturating_sub(1);
        let params = CollectionParams {
            vectors_config: collection.made.vectors_config.clone(),
            ..CollectionParams::default()
        };
        let info = CollectionInfo {
            status: status.into(),
            optimizer_status: Some(OptimizerStatus {
                ok: true,
                error: String::new(),
            }),
            config: Some(CollectionConfig {
                params: Some(params),
                ..CollectionConfig::default()
            }),
            points_count: Some(collection.points.len() as u64),
            ..CollectionInfo::default()
        };
        Ok(Response::new(GetCollectionInfoResponse {
            result: Some(info),
            time: 0.0,
        }))
    }

    async fn list(
        &self,
        request: Request<ListCollectionsRequest>,
    ) -> Answer<ListCollectionsResponse> {
        let held = self.enter(&request).await?;
        let names = held.collections.keys().cloned();
        Ok(Response::new(ListCollectionsResponse {
            collections: names.map(|name| CollectionDescription { name }).collect(),
            time: 0.0,
        }))
    }

    async fn create(
        &self,
        request: Request<CreateCollection>,
    ) -> Answer<CollectionOperationResponse> {
        let mut held = self.enter(&request).await?;
        let made = request.into_inner();
        let name = made.collection_name.clone();
        if held.collections.contains_key(&name) || held.aliases.contains_key(&name) {
            return Err(Status::already_exists(format!(
                "Wrong input: Collection `{name}` already exists!"
            )));
        }
        let named = match made.vectors_config.clone().and_then(|config| config.config) {
            Some(Config::ParamsMap(named)) => named.map,
            _ => return Err(Status::unimplemented("this server wants named vectors")),
        };
        let lengths = named.into_iter();
        let lengths = lengths.map(|(name, params)| (name, params.size as usize));
        let collection = Collection {
            made,
            lengths: lengths.collect(),
            fields: HashMap::new(),
            points: BTreeMap::new(),
            unsettled: 0,
        };
        held.collections.insert(name, collection);
        done(true)
    }

    async fn delete(
        &self,
        request: Request<DeleteCollection>,
    ) -> Answer<CollectionOperationResponse> {
        let mut held = self.enter(&request).await?;
        let name = &request.get_ref().collection_name;
        held.aliases.retain(|_, collection| collection != name);
        done(held.collections.remove(name).is_some())
    }

    async fn update_aliases(
        &self,
        request: Request<ChangeAliases>,
    ) -> Answer<CollectionOperationResponse> {
        let actions = request.get_ref().actions.clone();
        self.enter(&request).await?.change(actions)?;
        let mut weather = lock(&self.weather);
        if *weather == Weather::Muddled {
            *weather = Weather::BusyOnce;
            return Err(busy());
        }
        done(true)
    }

    async fn list_aliases(
        &self,
        request: Request<ListAliasesRequest>,
    ) -> Answer<ListAliasesResponse> {
        let held = self.enter(&request).await?;
        let aliases = held.aliases.iter();
        let aliases = aliases.map(|(name, collection)| AliasDescription {
            alias_name: name.clone(),
            collection_name: collection.clone(),
        });
        Ok(Response::new(ListAliasesResponse {
            aliases: aliases.collect(),
            time: 0.0,
        }))
    }

    refuse! {
        update(UpdateCollection) -> CollectionOperationResponse;
        list_collection_aliases(ListCollectionAliasesRequest) -> ListAliasesResponse;
        collection_cluster_info(CollectionClusterInfoRequest) -> CollectionClusterInfoResponse;
        collection_exists(CollectionExistsRequest) -> CollectionExistsResponse;
        update_collection_cluster_setup(UpdateCollectionClusterSetupRequest)
            -> UpdateCollectionClusterSetupResponse;
        create_shard_key(CreateShardKeyRequest) -> CreateShardKeyResponse;
        delete_shard_key(DeleteShardKeyRequest) -> DeleteShardKeyResponse;
        list_shard_keys(ListShardKeysRequest) -> ListShardKeysResponse;
    }
}

fn done(result: bool) -> Answer<CollectionOperationResponse> {
    Ok(Response::new(CollectionOperationResponse {
        result,
        time: 0.0,
    }))
}
