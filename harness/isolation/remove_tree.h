// Removes folders that judged code has filled: of any depth, with closed permissions, with mounts
// in them. Symbolic links are removed, never followed; what is mounted there is left alone.
#pragma once

#include <cstddef>
#include <string>

#include <sys/types.h>

namespace pep554 {

struct Emptied {
  size_t removed = 0;  // entries, at any depth
  std::string problem; // why something could not be removed; mostly empty
};

// Removes everything in the folder that the descriptor denotes. Needs three descriptors more, and
// no recursion. A folder that another file system, or a part of this one, is mounted on is kept.
Emptied empty_folder(int folder);
// The same with a folder that is opened for it; nothing where it is no folder, or a link to one.
Emptied empty_folder(const char* path);
// ... and the folder itself.
Emptied remove_tree(const char* path);

// Creates FOLDER/PREFIX-PID-XXXXXX, locks it for as long as the descriptor is open, and removes the
// folders of that form whose maker is gone: of this user, and not locked. `fd` is -1, and errno
// set, where none can be made.
struct PrivateFolder {
  std::string path;
  int fd = -1;
};
PrivateFolder make_private_folder(const char* parent, const char* prefix);

// Removes the folders of that form in `parent` whose maker, which is gone, had this number: of this
// user, and not locked. Processes of another pid namespace may have the same number.
void remove_folders_of(pid_t maker, const char* parent, const char* prefix);

} // namespace pep554
