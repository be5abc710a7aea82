// Entry point shared by the unit test programs.
#define BOOST_TEST_MODULE bindery
#include <boost/test/unit_test.hpp>
