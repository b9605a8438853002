"""See what a convolutional network sees: feature maps, learned filters and pooling."""

from cnnvis.ablation import AblationEffects, ablate, ablation_effects
from cnnvis.archives import unpack_pictures
from cnnvis.augment import Augment
from cnnvis.charts import plot_confusion, plot_history
from cnnvis.closeups import plot_patches
from cnnvis.data import ImageSet, download, load
from cnnvis.downloads import DownloadError
from cnnvis.features import Layer, LayerTable, layer_table
from cnnvis.fields import ReceptiveField
from cnnvis.figures import save_figure
from cnnvis.folders import PictureFolders, draw_archives, prepare_folders
from cnnvis.hooks import Activations, capture, eval_mode
from cnnvis.images import diagnose, mosaic, rescale
from cnnvis.measures import class_selectivity, linear_probe, map_likeness, shift_sensitivity
from cnnvis.models import PhotoCNN, SmallCNN, add_normalization, fold_normalization
from cnnvis.patches import Patches, top_patches
from cnnvis.photographs import read_picture
from cnnvis.plots import plot_kernels, plot_maps, plot_pictures
from cnnvis.preferred import Preferred, preferred_pictures
from cnnvis.pretrained import ModelCard, Pretrained, load_pretrained
from cnnvis.probes import Placement, layer_features, layer_probes, place_pictures
from cnnvis.roles import Role, RoleTable, derivative_orders, filter_roles
from cnnvis.sets import Source
from cnnvis.tallies import ChannelStatistics, channel_statistics
from cnnvis.training import Evaluation, History, evaluate, fit
from cnnvis.tuning import Tuning, filter_responses

__version__ = "0.1.0"

__all__ = [
    "AblationEffects",
    "Activations",
    "Augment",
    "ChannelStatistics",
    "DownloadError",
    "Evaluation",
    "History",
    "ImageSet",
    "Layer",
    "LayerTable",
    "ModelCard",
    "Patches",
    "PhotoCNN",
    "PictureFolders",
    "Placement",
    "Preferred",
    "Pretrained",
    "ReceptiveField",
    "Role",
    "RoleTable",
    "SmallCNN",
    "Source",
    "Tuning",
    "ablate",
    "ablation_effects",
    "add_normalization",
    "capture",
    "channel_statistics",
    "class_selectivity",
    "derivative_orders",
    "diagnose",
    "download",
    "draw_archives",
    "eval_mode",
    "evaluate",
    "filter_responses",
    "filter_roles",
    "fit",
    "fold_normalization",
    "layer_features",
    "layer_probes",
    "layer_table",
    "linear_probe",
    "load",
    "load_pretrained",
    "map_likeness",
    "mosaic",
    "place_pictures",
    "plot_confusion",
    "plot_history",
    "plot_kernels",
    "plot_maps",
    "plot_patches",
    "plot_pictures",
    "preferred_pictures",
    "prepare_folders",
    "read_picture",
    "rescale",
    "save_figure",
    "shift_sensitivity",
    "top_patches",
    "unpack_pictures",
]
