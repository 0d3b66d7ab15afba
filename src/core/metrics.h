#pragma once

// All metrics; each header below is the manual of its own
#include "core/metrics/autocorrelation.h"
#include "core/metrics/flow.h"
#include "core/metrics/flowField.h"
#include "core/metrics/latticePeaks.h"
#include "core/metrics/oscillation.h"
#include "core/metrics/pointwise.h"
#include "core/metrics/probabilityDensity.h"
#include "core/metrics/rateOfChange.h"
#include "core/metrics/spectra.h"
#include "core/metrics/spectrumBand.h"
#include "core/metrics/stability.h"
#include "core/metrics/statistics.h"
