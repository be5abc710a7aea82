#include <cstdio>

int main() {
  std::puts("bindery " BINDERY_VERSION);
  return 0;
}
