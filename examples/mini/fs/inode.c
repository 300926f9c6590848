// SPDX-License-Identifier: GPL-2.0-only
#include <mini/fs.h>
#include <mini/list.h>

static struct file_system_type *file_systems;

int register_filesystem(struct file_system_type *fs)
{
	fs->next = file_systems;
	file_systems = fs;
	return 0;
}

int unregister_filesystem(struct file_system_type *fs)
{
	struct file_system_type **p;

	for (p = &file_systems; *p; p = &(*p)->next) {
		if (*p == fs) {
			*p = fs->next;
			return 0;
		}
	}
	return -1;
}

struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode;

	if (sb->op && sb->op->alloc_inode)
		inode = sb->op->alloc_inode(sb);
	else
		inode = kmalloc(sizeof(*inode), 0);
	if (!inode)
		return NULL;
	inode->sb = sb;
	inode->mapping = &inode->data;
	inode->data.host = inode;
	inode->write_hint = WRITE_LIFE_NOT_SET;
	list_add(&inode->lru, &sb->inodes);
	return inode;
}

void iput(struct inode *inode)
{
	if (--inode->count.counter)
		return;
	list_del(&inode->lru);
	if (inode->sb->op->destroy_inode)
		inode->sb->op->destroy_inode(inode);
}

struct dentry *d_make_root(struct inode *root)
{
	struct dentry *dentry = kmalloc(sizeof(*dentry), 0);

	if (!dentry)
		return NULL;
	dentry->inode = root;
	dentry->parent = dentry;
	dentry->name.hash_len = 0;
	dentry->name.name = dentry->iname;
	list_init(&dentry->subdirs);
	return dentry;
}
