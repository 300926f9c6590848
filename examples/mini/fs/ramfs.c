// SPDX-License-Identifier: GPL-2.0-only
#include <mini/fs.h>
#include <mini/module.h>

/* Two own types; vmlinux has all others. */
struct ramfs_options {
	umode_t mode;
};

struct ramfs_info {
	struct ramfs_options options;
	struct super_block *sb;
};

static int ramfs_readpage(struct file *file, struct page *page)
{
	page->flags |= 1ul << PG_LRU;
	return 0;
}

static const struct address_space_operations ramfs_aops = {
	.readpage = ramfs_readpage,
};

static const struct file_operations ramfs_fops = {
	.owner = &__this_module,
	.read_iter = generic_file_read_iter,
	.llseek = generic_file_llseek,
};

static int ramfs_fill_super(struct super_block *sb, void *data, int silent)
{
	struct ramfs_info *info = kmalloc(sizeof(*info), 0);
	struct inode *root;

	if (!info)
		return -1;
	info->options.mode = 0755;
	info->sb = sb;
	sb->fs_info = info;
	root = new_inode(sb);
	if (!root)
		return -1;
	root->mode = info->options.mode;
	root->fop = &ramfs_fops;
	root->data.a_ops = &ramfs_aops;
	sb->root = d_make_root(root);
	return sb->root ? 0 : -1;
}

static struct file_system_type ramfs_type = {
	.name = "ramfs",
	.owner = &__this_module,
	.fill_super = ramfs_fill_super,
};

int init_module(void)
{
	return register_filesystem(&ramfs_type);
}

void cleanup_module(void)
{
	unregister_filesystem(&ramfs_type);
}
