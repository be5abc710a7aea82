// Tells the thread sanitizer what the C++ Actor Framework orders. Only in builds with `thread`.
//
// The distribution's libcaf_core is not instrumented: the sanitizer does not see the atomic
// operations inside it, which order everything an actor does before and after a message, and would
// report each message as a race. These functions take the place of the library's own (the dynamic
// linker prefers the program's), state the order that the library's atomics make, and go on there.
// No order is stated that the library does not make, so races of ours are still found.
#include <atomic>
#include <cstdlib>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>
#include <utility>

#include <caf/actor_control_block.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/memory_managed.hpp>
#include <caf/ref_counted.hpp>
#include <caf/scheduled_actor.hpp>

namespace {

/// The library's own function behind a name of ours.
template <class Function>
Function* library(const char* symbol) {
  auto* found = ::dlsym(RTLD_NEXT, symbol);
  if (found == nullptr) std::abort();  // another CAF than 0.17
  return reinterpret_cast<Function*>(found);
}

/// Where a message's order is kept: the part of it that destroys it, too.
void* place_of(const caf::memory_managed& element) {
  return const_cast<caf::memory_managed*>(&element);
}

}  // namespace

namespace caf {

// -- counted references: who destroys comes after all who let go ----------------------------------

// Written out, for the sanitizer sees atomic operations that are compiled here.
void ref_counted::deref() const noexcept {
  if (rc_.fetch_sub(1, std::memory_order_acq_rel) == 1) request_deletion(true);
}

void intrusive_ptr_release(actor_control_block* block) {
  if (block->strong_refs.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  block->data_dtor(block->get());
  intrusive_ptr_release_weak(block);
}

void intrusive_ptr_release_weak(actor_control_block* block) {
  if (block->weak_refs.fetch_sub(1, std::memory_order_acq_rel) == 1) block->block_dtor(block);
}

// -- a message: what its sender did comes before its handler --------------------------------------

// The mailbox is a stack of atomic pointers (intrusive/lifo_inbox.hpp): a push is a
// compare-and-exchange on its head, and so is the owner's take of all that is there.
void scheduled_actor::enqueue(mailbox_element_ptr element, execution_unit* unit) {
  static auto* const original =
      library<void(scheduled_actor*, mailbox_element_ptr, execution_unit*)>(
          "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposer"
          "EEPNS_14execution_unitE");
  __tsan_release(place_of(*element));
  __tsan_release(this);
  original(this, std::move(element), unit);
}

void blocking_actor::enqueue(mailbox_element_ptr element, execution_unit* unit) {
  static auto* const original =
      library<void(blocking_actor*, mailbox_element_ptr, execution_unit*)>(
          "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerE"
          "EPNS_14execution_unitE");
  __tsan_release(place_of(*element));
  __tsan_release(this);
  original(this, std::move(element), unit);
}

invoke_message_result scheduled_actor::consume(mailbox_element& element) {
  static auto* const original = library<invoke_message_result(scheduled_actor*, mailbox_element&)>(
      "_ZN3caf15scheduled_actor7consumeERNS_15mailbox_elementE");
  __tsan_acquire(place_of(element));
  auto result = original(this, element);
  // The actor blocks its empty mailbox by a compare-and-exchange before anybody resumes it again.
  __tsan_release(this);
  return result;
}

intrusive::task_result blocking_actor::mailbox_visitor::operator()(mailbox_element& element) {
  static auto* const original = library<intrusive::task_result(mailbox_visitor*, mailbox_element&)>(
      "_ZN3caf14blocking_actor15mailbox_visitorclERNS_15mailbox_elementE");
  __tsan_acquire(place_of(element));
  return original(this, element);
}

// A mailbox that closes destroys what was not handled.
void memory_managed::request_deletion(bool) const noexcept {
  __tsan_acquire(place_of(*this));
  delete this;
}

// -- an actor: each turn on whatever thread comes after the one before ----------------------------

void scheduled_actor::launch(execution_unit* unit, bool lazy, bool hide) {
  static auto* const original = library<void(scheduled_actor*, execution_unit*, bool, bool)>(
      "_ZN3caf15scheduled_actor6launchEPNS_14execution_unitEbb");
  __tsan_release(this);
  original(this, unit, lazy, hide);
}

resumable::resume_result scheduled_actor::resume(execution_unit* unit, size_t throughput) {
  static auto* const original = library<resume_result(scheduled_actor*, execution_unit*, size_t)>(
      "_ZN3caf15scheduled_actor6resumeEPNS_14execution_unitEm");
  __tsan_acquire(this);
  return original(this, unit, throughput);
}

bool scheduled_actor::activate(execution_unit* unit) {
  static auto* const original = library<bool(scheduled_actor*, execution_unit*)>(
      "_ZN3caf15scheduled_actor8activateEPNS_14execution_unitE");
  auto result = original(this, unit);
  __tsan_release(this);
  return result;
}

}  // namespace caf
