// test
#include <gtest/gtest.h>
