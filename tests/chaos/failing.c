/* Writes below a folder fail while a file says so: "28 /folder" is ENOSPC there, "5 /folder" EIO. For LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int wanted(char *folder, size_t size) {
    const char *path = getenv("CHAOS_DISK");
    char text[4200];
    if (!path) return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return 0;
    ssize_t got = syscall(SYS_read, fd, text, sizeof text - 1);
    syscall(SYS_close, fd);
    if (got <= 0) return 0;
    text[got] = 0;
    char *space = strchr(text, ' ');
    if (!space) return 0;
    snprintf(folder, size, "%s", space + 1);
    return atoi(text);
}

static int below(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int fault_of(int fd) {
    char folder[4200], link[64], path[4200];
    int saved = errno, number = wanted(folder, sizeof folder);
    if (number) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t got = readlink(link, path, sizeof path - 1);
        path[got > 0 ? got : 0] = 0;
        if (!below(path, folder)) number = 0;
    }
    errno = saved;
    return number;
}

static int fault_of_path(const char *path) {
    char folder[4200];
    int saved = errno, number = wanted(folder, sizeof folder);
    if (number && !below(path, folder)) number = 0;
    errno = saved;
    return number;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(number) do { int found = (number); if (found) { errno = found; return -1; } } while (0)

ssize_t write(int fd, const void *data, size_t size) { FAIL(fault_of(fd)); return REAL(write)(fd, data, size); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { FAIL(fault_of(fd)); return REAL(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { FAIL(fault_of(fd)); return REAL(pwrite64)(fd, data, size, at); }
int fsync(int fd) { FAIL(fault_of(fd)); return REAL(fsync)(fd); }
int fdatasync(int fd) { FAIL(fault_of(fd)); return REAL(fdatasync)(fd); }
int rename(const char *from, const char *to) { FAIL(fault_of_path(to)); return REAL(rename)(from, to); }
int mkdir(const char *path, mode_t mode) { FAIL(fault_of_path(path)); return REAL(mkdir)(path, mode); }
