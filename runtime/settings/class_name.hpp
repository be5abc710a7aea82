#pragma once

#include <string>
#include <string_view>

namespace bindery {

/// The bare name of a class of BinderHub's, however the settings spell it: `DockerRegistry`,
/// `binderhub.registry.DockerRegistry`, in quotes, or as Python prints a class
/// (`<class 'binderhub.registry.DockerRegistry'>`). "" for what names a class of another package,
/// or none at all.
std::string binderhub_class_name(std::string_view text);

}  // namespace bindery
