/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MINI_FS_H
#define _MINI_FS_H

#include <mini/mm.h>

struct dentry;
struct super_block;
struct cred;
struct module;
struct kiocb;
struct iov_iter;

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

struct qstr {
	union {
		struct {
			u32 hash;
			u32 len;
		};
		u64 hash_len;
	};
	const unsigned char *name;
};

enum rw_hint {
	WRITE_LIFE_NOT_SET,
	WRITE_LIFE_SHORT = 2,
	WRITE_LIFE_LONG = 4,
} __packed;

struct iattr {
	unsigned int valid;
	umode_t mode;
	kuid_t uid;
	kgid_t gid;
	loff_t size;
};

struct inode_operations {
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry,
				 unsigned int flags);
	int (*create)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*setattr)(struct dentry *dentry, struct iattr *attr);
};

struct inode {
	umode_t mode;
	unsigned short flags;
	kuid_t uid;
	kgid_t gid;
	const struct inode_operations *op;
	struct super_block *sb;
	struct address_space *mapping;
	const unsigned int nlink;
	dev_t rdev;
	loff_t size;
	struct timespec64 atime, mtime, ctime;
	enum rw_hint write_hint;
	spinlock_t lock;
	struct rw_semaphore rwsem;
	struct hlist_node hash;
	struct list_head lru;
	atomic_t count;
	const struct file_operations *fop;
	struct address_space data;
	union {
		struct pipe *pipe;
		struct cdev *cdev;
		char *link;
	};
	void *private;
};

struct dentry {
	unsigned int flags;
	struct hlist_node hash;
	struct dentry *parent;
	struct qstr name;
	struct inode *inode;
	unsigned char iname[32];
	struct super_block *sb;
	struct list_head child;
	struct list_head subdirs;
	union {
		struct hlist_node alias;
		struct callback_head rcu;
	} u;
};

struct path {
	struct mount *mnt;
	struct dentry *dentry;
};

typedef unsigned int fmode_t;
typedef struct file *filp_t;

struct file {
	union {
		struct callback_head rcuhead;
		unsigned int iocb_flags;
	};
	struct path path;
	struct inode *inode;
	const struct file_operations *op;
	spinlock_t lock;
	atomic64_t count;
	unsigned int flags;
	fmode_t mode;
	loff_t pos;
	const struct cred *cred;
	void *private_data;
};

typedef int (*filldir_t)(void *ctx, const char *name, int len, loff_t pos,
			 u64 ino, unsigned int type);

struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *file, loff_t pos, int whence);
	ssize_t (*read)(struct file *file, char *buf, size_t n, loff_t *pos);
	ssize_t (*write)(struct file *file, const char *buf, size_t n,
			 loff_t *pos);
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *iter);
	int (*iterate)(struct file *file, filldir_t fill);
	int (*mmap)(struct file *file, struct vm_area *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*release)(struct inode *inode, filp_t file);
};

struct kiocb {
	struct file *filp;
	loff_t pos;
	void (*complete)(struct kiocb *iocb, long ret);
	void *private;
	int flags;
};

struct iovec {
	void *base;
	size_t len;
};

struct iov_iter {
	u8 iter_type;
	bool nofault;
	size_t iov_offset;
	size_t count;
	union {
		const struct iovec *iov;
		const struct page **pages;
		struct inode *pipe;
	};
	unsigned long nr_segs;
};

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*destroy_inode)(struct inode *inode);
	int (*sync_fs)(struct super_block *sb, int wait);
	int (*show_options)(void *seq, struct dentry *root);
};

struct file_system_type {
	const char *name;
	int flags;
	int (*fill_super)(struct super_block *sb, void *data, int silent);
	struct module *owner;
	struct file_system_type *next;
	struct hlist_head supers;
};

struct super_block {
	struct list_head list;
	dev_t dev;
	unsigned char blocksize_bits;
	unsigned long blocksize;
	struct file_system_type *type;
	const struct super_operations *op;
	struct dentry *root;
	struct rw_semaphore umount;
	char id[32];
	struct mutex rename_lock;
	struct list_head inodes;
	void *fs_info;
};

int register_filesystem(struct file_system_type *fs);
int unregister_filesystem(struct file_system_type *fs);
struct inode *new_inode(struct super_block *sb);
void iput(struct inode *inode);
struct dentry *d_make_root(struct inode *root);
ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);

#endif
