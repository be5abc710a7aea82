#include "actors/registry_stand_ins.hpp"

namespace bindery {

registry_actor::behavior_type engine_as_registry(registry_actor::pointer self,
                                                 container_engine_actor engine) {
  return {
      [self, engine](exists_atom, const std::string& image) {
        return self->delegate(engine, exists_atom::value, image);
      },
      [](login_atom, const std::string&) { return std::string{}; },
      [self, engine](check_atom) -> caf::result<void> {
        auto promise = self->make_response_promise();
        self->request(engine, caf::infinite, check_atom::value)
            .then([promise](const std::string&) mutable { promise.deliver(caf::unit); },
                  [promise](const caf::error& why) mutable { promise.deliver(why); });
        return promise;
      },
  };
}

registry_actor::behavior_type fake_registry() {
  return {
      [](exists_atom, const std::string&) { return false; },
      [](login_atom, const std::string&) { return std::string{}; },
      [](check_atom) {},
  };
}

}  // namespace bindery
