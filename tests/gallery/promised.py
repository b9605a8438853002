"""What downloads leave behind, as the site promises it."""

# Of other tutorials it is what their pages show.
FIGURES = {
    "plot_10_convolution": {
        "blur_and_sharpen",
        "four_edge_maps",
        "hand_written_kernels",
        "kernel_sizes",
        "stride_padding_dilation",
    },
    "plot_20_pooling": {
        "blank_map",
        "picture_and_channels",
        "pooling_deeper",
        "pooling_rows",
        "pooling_windows",
        "scales_and_colours",
    },
    "plot_10_training": {
        "confidence",
        "confident_mistakes",
        "confusion_matrix",
        "digits",
        "training_accuracy",
        "training_loss",
    },
    "plot_20_filters": {
        "conv1_filters",
        "conv2_kernels",
        "featuremaps_conv1",
        "featuremaps_conv2",
        "orig_and_conv1_grid",
    },
    "plot_30_how_filters_come_to_be": {
        *(f"filters_step_{step:03d}" for step in (0, 1, 10, 30, 60, 100, 300, 600)),
        "kernels_over_steps",
        "maps_over_steps",
        "start_and_end",
        "way_and_accuracy",
    },
    "plot_10_every_layer": {
        *(f"filters_conv{stage}" for stage in (1, 2, 3)),
        "never_read",
        *(f"outputs_{kind}{stage}" for kind in ("conv", "relu", "pool") for stage in (1, 2, 3)),
        "your_choice",
    },
    "plot_20_roles": {
        "conv1_roles",
        "derivative_orders",
        "planted_kernels",
        "random_kernels",
        "role_shares",
        "tuning_curves",
    },
    "plot_30_which_filters_matter": {
        "classes_that_suffer",
        "pruning",
        "selectivity_and_loss",
        "top_patches",
    },
    "plot_10_clothes": {
        "confusion_matrix",
        "featuremaps_conv1",
        "featuremaps_conv2",
        "featuremaps_conv3",
        "featuremaps_conv3_untrained",
        "filters_conv1",
        "garments",
        "mistakes",
        "training_accuracy",
        "training_loss",
    },
    "plot_20_edges_to_objects": {
        "class_selectivity",
        "linear_probes",
        "purity",
        "shift_sensitivity",
        *(f"top_patches_relu{stage}" for stage in (1, 2, 3)),
    },
    "plot_30_photographs": {
        "answers_lost",
        "conv1_in_colour",
        "maps_by_stage",
        "preferred_by_answer",
        "probes_by_stage",
        *(f"seen_by_relu{stage}" for stage in ("1a", "2b", "3b", "4b")),
    },
    "plot_10_captum": {
        "gradcam",
        "integrated_gradients",
        "maps_after_randomisation",
        "occlusion",
        "sanity_check",
    },
    "plot_10_bikes_and_cars": {
        "confusion_matrix",
        "examples",
        "featuremaps_conv1",
        "featuremaps_conv4",
        "hardest_pictures",
        "strong_and_weak_filters",
        "top_patches",
        "training_curves",
    },
}
FIGURES_IN = {"plot_10_clothes": "figs"}  # elsewhere in images
ALSO_LEAVES = {
    "plot_10_bikes_and_cars": {"archives", "datasets", "logs", "results_Bike", "results_Car"}
}
