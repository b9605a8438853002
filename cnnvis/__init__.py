"""See what a convolutional network sees: feature maps, learned filters and pooling."""

from cnnvis.analysis.ablation import ablate, ablation_effects
from cnnvis.analysis.controls import load_controls
from cnnvis.analysis.patches import top_patches
from cnnvis.analysis.probes import (
    layer_features,
    layer_probes,
    linear_probe,
    project_features,
)
from cnnvis.analysis.selectivity import class_selectivity
from cnnvis.analysis.sensitivity import map_correlation, shift_sensitivity
from cnnvis.analysis.spread import Spread
from cnnvis.analysis.statistics import channel_statistics
from cnnvis.arrays import diagnose, mosaic, rescale
from cnnvis.data.class_folders import draw_archives, prepare_folders
from cnnvis.data.http import DownloadError
from cnnvis.data.image_files import read_image
from cnnvis.data.image_set import ImageSet
from cnnvis.data.loading import download, load
from cnnvis.data.registry import Source
from cnnvis.data.zip_archives import unpack_images
from cnnvis.feature_visualization.preferred import preferred_images
from cnnvis.filters.roles import derivative_orders, filter_roles
from cnnvis.filters.tuning import filter_responses
from cnnvis.layers.hooks import capture, eval_mode
from cnnvis.layers.table import layer_table
from cnnvis.models.architectures import PhotoCNN, SmallCNN
from cnnvis.models.pretrained import load_pretrained
from cnnvis.plots.images import plot_images
from cnnvis.plots.layer_figure import layer_figure
from cnnvis.plots.maps import plot_kernels, plot_maps
from cnnvis.plots.patches import plot_patches
from cnnvis.plots.save import save_figure
from cnnvis.plots.training import plot_confusion, plot_history
from cnnvis.training.augment import Augment
from cnnvis.training.loop import evaluate, fit

__version__ = "0.1.0"

__all__ = [
    "Augment",
    "DownloadError",
    "ImageSet",
    "PhotoCNN",
    "SmallCNN",
    "Source",
    "Spread",
    "ablate",
    "ablation_effects",
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
    "layer_features",
    "layer_figure",
    "layer_probes",
    "layer_table",
    "linear_probe",
    "load",
    "load_controls",
    "load_pretrained",
    "map_correlation",
    "mosaic",
    "plot_confusion",
    "plot_history",
    "plot_images",
    "plot_kernels",
    "plot_maps",
    "plot_patches",
    "preferred_images",
    "prepare_folders",
    "project_features",
    "read_image",
    "rescale",
    "save_figure",
    "shift_sensitivity",
    "top_patches",
    "unpack_images",
]
