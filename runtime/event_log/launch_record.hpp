#pragma once

#include <string>

namespace bindery {

/// One launch as the event log tells it (contract, section 10).
struct launch_record {
  std::string provider;            ///< display name: `GitHub`, `Git`, `Zenodo`, ...
  std::string spec;                ///< as the client asked for it
  std::string ref;                 ///< resolved ref; "" where the launch failed before that
  std::string status = "success";  ///< `success` or `failure`
  bool build_token = false;        ///< a valid build token came with the request
  std::string origin;              ///< `normalized_origin` setting, or Host
  std::string request_origin;      ///< Origin, or Sec-Fetch-Site, or ""
};

}  // namespace bindery
