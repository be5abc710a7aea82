#pragma once

#include "actors/build.hpp"

namespace bindery {

/// The backend of `FakeBuild`, for work on the pages without a container engine: it makes no image,
/// and tells what a build would (see `fake_build_log`) at a pace that can be watched.
build_backend make_fake_backend();

}  // namespace bindery
